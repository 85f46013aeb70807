//! IP addresses and networks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use dashu_int::IBig;
use infra_value::Number;

use super::{FunctionError, Result, function};

/// Whether a network contains an address or another network.
///
/// ```console
/// > cidrcontains("192.168.2.0/20", "192.168.2.1")
/// true
/// > cidrcontains("192.168.2.0/22", "192.168.126.0/20")
/// false
/// ```
#[function]
fn cidrcontains(containing_prefix: &str, contained_ip_or_prefix: &str) -> Result<bool> {
    let outer = Network::parse(containing_prefix)?;
    let inner = match address(contained_ip_or_prefix) {
        Some(found) => Network::of(found, if found.is_ipv4() { 32 } else { 128 }),
        None => Network::parse(contained_ip_or_prefix).map_err(|error| {
            FunctionError::at(1, format!("invalid IP address or prefix: {}", error.message))
        })?,
    };
    if outer.length != inner.length {
        return Err(FunctionError::new(
            "address family mismatch: one is IPv4 and the other is IPv6",
        ));
    }
    Ok(inner.prefix >= outer.prefix && outer.mask(inner.start) == outer.start)
}

/// The address with a number in a network. A negative number counts from the end.
///
/// ```console
/// > cidrhost("10.12.112.0/20", 16)
/// "10.12.112.16"
/// > cidrhost("fd00:fd12:3456:7890:00a2::/72", 34)
/// "fd00:fd12:3456:7890::22"
/// ```
#[function]
fn cidrhost(prefix: &str, hostnum: &Number) -> Result<String> {
    let number = whole(hostnum)?;
    let network = Network::parse(prefix)?;
    let size = IBig::ONE << usize::from(network.length - network.prefix);
    let host = if number < IBig::ZERO { &size + &number } else { number.clone() };
    // Terraform lets a negative number reach one less than the size, and looks at 64 bits of others, with a sign.
    let looked_at = match i64::try_from(u64::try_from(low_bits(&number)).unwrap_or(u64::MAX)) {
        _ if number < IBig::ZERO => host.clone(),
        Ok(bits) => IBig::from(bits),
        Err(_) => IBig::ZERO,
    };
    if looked_at < IBig::ZERO || looked_at >= size {
        return Err(FunctionError::new(format!(
            "prefix of {} does not accommodate a host numbered {number}",
            network.prefix
        )));
    }
    // Terraform counts the bits of an IPv4 address in IPv6 form from the front.
    let host = if network.is_mapped() { host << 96 } else { host };
    Ok(network.shown(network.joined(host)?))
}

/// The mask of an IPv4 network.
///
/// ```console
/// > cidrnetmask("172.16.0.0/12")
/// "255.240.0.0"
/// ```
#[function]
fn cidrnetmask(prefix: &str) -> Result<String> {
    let network = Network::parse(prefix)?;
    if network.length != 32 && !network.is_mapped() {
        return Err(FunctionError::new(
            "IPv6 addresses cannot have a netmask: they are always written with the length of a prefix",
        ));
    }
    let all = if network.is_mapped() { u128::MAX } else { u128::from(u32::MAX) };
    Ok(network.address(network.mask(all)).to_string())
}

/// The network with a number among those that have so many bits more in their prefix.
///
/// ```console
/// > cidrsubnet("172.16.0.0/12", 4, 2)
/// "172.18.0.0/16"
/// ```
#[function]
fn cidrsubnet(prefix: &str, newbits: i64, netnum: &Number) -> Result<String> {
    let number = whole(netnum)?;
    let network = Network::parse(prefix)?;
    let room = i64::from(network.length - network.prefix);
    if newbits > room {
        return Err(FunctionError::new(format!(
            "insufficient address space to extend prefix of {} by {newbits}",
            network.prefix
        )));
    }
    // There is no such network, and Terraform says so in this way.
    let Ok(prefix) = u8::try_from(i64::from(network.prefix) + newbits) else {
        return Ok("<nil>".to_owned());
    };
    // A network that is made larger is not numbered among others.
    let room = usize::try_from(newbits).map_or(64, |newbits| newbits.min(64));
    if low_bits(&number) >= IBig::ONE << room {
        return Err(FunctionError::new(format!(
            "prefix extension of {newbits} does not accommodate a subnet numbered {number}"
        )));
    }
    let shifted = number << usize::from(network.length - prefix);
    Ok(network.written(network.joined(shifted)?, prefix))
}

/// What Terraform looks at to see whether a number fits: 64 bits, without the sign.
fn low_bits(number: &IBig) -> IBig {
    let size: IBig = if *number < IBig::ZERO { -number } else { number.clone() };
    size & IBig::from(u64::MAX)
}

/// Networks of given sizes inside another, one after the other.
///
/// ```console
/// > cidrsubnets("10.1.0.0/16", 4, 8)
/// tolist([
///   "10.1.0.0/20",
///   "10.1.16.0/24",
/// ])
/// ```
#[function]
fn cidrsubnets(prefix: &str, #[arg(variadic)] newbits: Vec<&Number>) -> Result<Vec<String>> {
    let network = Network::parse(prefix).map_err(|error| FunctionError::at(0, error.message))?;
    let last = network.last();
    let mut next = Some(network.start);
    let mut found = Vec::with_capacity(newbits.len());
    for (at, bits) in newbits.into_iter().enumerate() {
        let wrong = |message: String| Err(FunctionError::at(at + 1, message));
        let Some(bits) = bits.to_i64() else {
            return wrong(infra_value::function::NOT_WHOLE.to_owned());
        };
        if bits < 1 {
            return wrong("must extend prefix by at least one bit".to_owned());
        }
        if bits > 32 {
            return wrong("may not extend prefix by more than 32 bits".to_owned());
        }
        let Some(prefix) = u8::try_from(bits)
            .ok()
            .and_then(|bits| network.prefix.checked_add(bits))
            .filter(|prefix| *prefix <= network.length)
        else {
            let (length, version) = (i64::from(network.prefix) + bits, network.version());
            return wrong(format!(
                "would extend prefix to {length} bits, which is too long for an IPv{version} address"
            ));
        };
        let shift = u32::from(network.length - prefix);
        let below = 1_u128.checked_shl(shift).map_or(u128::MAX, |size| size - 1);
        // The next address that a network of this size can begin at.
        let start = next.and_then(|next| Some(next.checked_add(below)? & !below));
        let end = start.and_then(|start| start.checked_add(below)).filter(|end| *end <= last);
        // Terraform begins with the network before the first one, which these do not have.
        let beginning = network.start > 0 && !network.is_mapped();
        let (Some(start), Some(end), true) = (start, end, beginning) else {
            let before = next.and_then(|next| next.checked_sub(1)).unwrap_or(last);
            return wrong(format!(
                "not enough remaining address space for a subnet with a prefix of {prefix} bits after {}",
                network.address(before)
            ));
        };
        found.push(network.written(start, prefix));
        next = end.checked_add(1);
    }
    Ok(found)
}

fn whole(number: &Number) -> Result<IBig> {
    number.to_integer().ok_or_else(|| FunctionError::new("value must be a whole number"))
}

/// A network: its first address, and how many bits of how many are its prefix.
struct Network {
    start: u128,
    prefix: u8,
    length: u8,
}

impl Network {
    fn of(address: IpAddr, prefix: u8) -> Self {
        let (bits, length) = match address {
            IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let network = Self { start: bits, prefix, length };
        Self { start: network.mask(bits), ..network }
    }

    fn parse(text: &str) -> Result<Self> {
        let wrong =
            || FunctionError::new(format!("invalid CIDR expression: invalid CIDR address: {text}"));
        let (found, bits) = text.split_once('/').ok_or_else(wrong)?;
        let found = address(found).ok_or_else(wrong)?;
        if bits.is_empty() || bits.len() > 3 || !bits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let most = if found.is_ipv4() { 32 } else { 128 };
        match bits.parse::<u8>() {
            Ok(prefix) if prefix <= most => Ok(Self::of(found, prefix)),
            _ => Err(wrong()),
        }
    }

    /// The bits of an address that belong to the prefix.
    fn mask(&self, bits: u128) -> u128 {
        let host = u32::from(self.length - self.prefix);
        bits.checked_shr(host).and_then(|bits| bits.checked_shl(host)).unwrap_or(0)
    }

    /// Its first address with the bits of a number put in, as Terraform does it: also of one below zero.
    fn joined(&self, number: IBig) -> Result<u128> {
        let joined = IBig::from(self.start) | number;
        let size = if joined < IBig::ZERO { -joined } else { joined };
        let most = if self.length == 32 { u128::from(u32::MAX) } else { u128::MAX };
        u128::try_from(size)
            .ok()
            .filter(|found| *found <= most)
            .ok_or_else(|| FunctionError::new("there is no address with such a number"))
    }

    fn last(&self) -> u128 {
        let host = u32::from(self.length - self.prefix);
        self.start | 1_u128.checked_shl(host).map_or(u128::MAX, |size| size - 1)
    }

    /// Whether it is one of IPv4 in the form of IPv6.
    fn is_mapped(&self) -> bool {
        self.length == 128 && self.start >> 32 == 0xffff
    }

    /// An address as text: one of IPv4 in the form of IPv6 is written as one of IPv4.
    fn shown(&self, bits: u128) -> String {
        match self.address(bits) {
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(address) => address.to_string(),
                None => address.to_string(),
            },
            address @ IpAddr::V4(_) => address.to_string(),
        }
    }

    /// A network with a prefix of so many bits as text.
    fn written(&self, start: u128, prefix: u8) -> String {
        let prefix = if self.is_mapped() { prefix.saturating_sub(96) } else { prefix };
        // Of a network that is larger than all of IPv4 the address is the first one.
        let start = if self.is_mapped() && prefix == 0 { start & !0xffff_ffff } else { start };
        format!("{}/{prefix}", self.shown(start))
    }

    fn version(&self) -> u8 {
        if self.length == 32 { 4 } else { 6 }
    }

    fn address(&self, bits: u128) -> IpAddr {
        if self.length == 32 {
            // The mask keeps what is above 32 bits zero.
            IpAddr::V4(Ipv4Addr::from_bits((bits & u128::from(u32::MAX)) as u32))
        } else {
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
    }
}

/// An address. Leading zeros in the parts of an IPv4 address, which some take to be octal, do not count.
fn address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    let part = |part: &str| {
        let digits = part.trim_start_matches('0');
        let valid = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        valid.then(|| if digits.is_empty() { Some(0) } else { digits.parse().ok() })?
    };
    let parts: Vec<u8> = text.split('.').map(part).collect::<Option<_>>()?;
    <[u8; 4]>::try_from(parts).ok().map(|parts| IpAddr::V4(parts.into()))
}
