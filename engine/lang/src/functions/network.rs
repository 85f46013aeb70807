//! IP addresses and networks.

use std::net::IpAddr;

use infra_value::{Type, Value};
use ipnet::IpNet;

use super::function::{Function, FunctionError, Param};
use super::string::text;

type Result<T> = std::result::Result<T, FunctionError>;

const STRING: fn() -> Type = || Type::String;

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "cidrcontains",
        "Whether a network contains an address or another network.",
        &[Param::string("containing_prefix"), Param::string("contained_ip_or_prefix")],
        || Type::Bool,
        |a| {
            let outer = network(&a[0], 0)?;
            if let Ok(address) = text(&a[1]).parse::<IpAddr>() {
                return Ok(outer.contains(&address).into());
            }
            Ok(outer.contains(&network(&a[1], 1)?).into())
        },
    ),
    Function::pure(
        "cidrhost",
        "An address in a network: `cidrhost(\"10.0.0.0/24\", 5)` is `10.0.0.5`.",
        &[Param::string("prefix"), Param::number("hostnum")],
        STRING,
        cidrhost,
    ),
    Function::pure(
        "cidrnetmask",
        "The mask of a network: `cidrnetmask(\"10.0.0.0/8\")` is `255.0.0.0`.",
        &[Param::string("prefix")],
        STRING,
        |a| match network(&a[0], 0)? {
            IpNet::V4(network) => Ok(network.netmask().to_string().into()),
            IpNet::V6(_) => Err(FunctionError::at(
                0,
                "IPv6 addresses cannot have a netmask: they are always represented in CIDR notation",
            )),
        },
    ),
    Function::pure(
        "cidrsubnet",
        "A network inside another: `cidrsubnet(\"10.0.0.0/16\", 8, 2)` is `10.0.2.0/24`.",
        &[Param::string("prefix"), Param::number("newbits"), Param::number("netnum")],
        STRING,
        |a| {
            let base = network(&a[0], 0)?;
            let bits = whole(&a[1], 1)?;
            let number =
                a[2].as_i64().ok_or_else(|| FunctionError::at(2, "must be a whole number"))?;
            subnet(
                base,
                bits,
                u128::try_from(number).map_err(|_| FunctionError::at(2, "must not be negative"))?,
            )
            .map(Value::from)
        },
    ),
    Function::pure(
        "cidrsubnets",
        "Networks of given sizes inside another, one after the other.",
        &[Param::string("prefix")],
        || Type::list(Type::String),
        cidrsubnets,
    )
    .and_any(Param::number("newbits")),
];

fn network(value: &Value, argument: usize) -> Result<IpNet> {
    let given = text(value);
    // Go reads 10.1.2.3/8 as the network 10.0.0.0/8.
    given.parse::<IpNet>().map(|network| network.trunc()).map_err(|_| {
        FunctionError::at(
            argument,
            format!("invalid CIDR expression: invalid CIDR address: {given}"),
        )
    })
}

fn whole(value: &Value, argument: usize) -> Result<u8> {
    value
        .as_i64()
        .and_then(|number| u8::try_from(number).ok())
        .ok_or_else(|| FunctionError::at(argument, "must be a whole number that is not negative"))
}

fn bits(network: IpNet) -> (u128, u8, u8) {
    match network {
        IpNet::V4(network) => (u128::from(network.network().to_bits()), network.prefix_len(), 32),
        IpNet::V6(network) => (network.network().to_bits(), network.prefix_len(), 128),
    }
}

fn address(value: u128, length: u8) -> IpAddr {
    if length == 32 {
        IpAddr::V4(std::net::Ipv4Addr::from_bits(u32::try_from(value).unwrap_or(u32::MAX)))
    } else {
        IpAddr::V6(std::net::Ipv6Addr::from_bits(value))
    }
}

fn subnet(base: IpNet, new_bits: u8, number: u128) -> Result<String> {
    let (start, prefix, length) = bits(base);
    let new_prefix = u32::from(prefix) + u32::from(new_bits);
    if new_prefix > u32::from(length) {
        return Err(FunctionError::at(
            1,
            format!("insufficient address space to extend prefix of {prefix} by {new_bits}"),
        ));
    }
    if new_bits < 128 && number >> new_bits != 0 {
        return Err(FunctionError::at(
            2,
            format!(
                "prefix extension of {new_bits} does not accommodate a subnet numbered {number}"
            ),
        ));
    }
    let shift = u32::from(length) - new_prefix;
    let offset = if shift >= 128 { 0 } else { number << shift };
    Ok(format!("{}/{new_prefix}", address(start + offset, length)))
}

fn cidrhost(a: &[Value]) -> Result<Value> {
    let (start, prefix, length) = bits(network(&a[0], 0)?);
    let number = a[1].as_i64().ok_or_else(|| FunctionError::at(1, "must be a whole number"))?;
    let host_bits = u32::from(length - prefix);
    let size = if host_bits >= 128 { u128::MAX } else { 1_u128 << host_bits };
    let offset = if number < 0 {
        size.checked_sub(u128::from(number.unsigned_abs()))
    } else {
        let number = u128::from(number.unsigned_abs());
        (number < size).then_some(number)
    };
    match offset {
        Some(offset) => Ok(address(start + offset, length).to_string().into()),
        None => Err(FunctionError::new(format!(
            "prefix of {prefix} does not accommodate a host numbered {number}"
        ))),
    }
}

fn cidrsubnets(a: &[Value]) -> Result<Value> {
    let base = network(&a[0], 0)?;
    let (start, prefix, length) = bits(base);
    let mut next = start;
    let mut first = true;
    let mut found = Vec::new();
    for (at, new_bits) in a[1..].iter().enumerate() {
        let new_bits = whole(new_bits, at + 1)?;
        if new_bits < 1 {
            return Err(FunctionError::at(at + 1, "must extend prefix by at least one bit"));
        }
        let new_prefix = u32::from(prefix) + u32::from(new_bits);
        if new_prefix > u32::from(length) {
            return Err(FunctionError::at(
                at + 1,
                format!(
                    "would extend prefix to {new_prefix} bits, which is too long for an IPv{} address",
                    if length == 32 { 4 } else { 6 }
                ),
            ));
        }
        let size = 1_u128 << (u32::from(length) - new_prefix);
        let aligned = if first { next } else { next.div_ceil(size) * size };
        first = false;
        let end = if prefix == 0 && length == 128 {
            u128::MAX
        } else {
            start + (1_u128 << u32::from(length - prefix))
        };
        if aligned + size > end {
            return Err(FunctionError::at(
                at + 1,
                format!(
                    "not enough remaining address space for a subnet with a prefix of {new_prefix} bits after {}",
                    found.len()
                ),
            ));
        }
        found.push(Value::from(format!("{}/{new_prefix}", address(aligned, length))));
        next = aligned + size;
    }
    Ok(Value::list(Type::String, found))
}
