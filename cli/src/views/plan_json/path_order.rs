//! The order of paths: that of the sets of paths in Terraform, so that a comparison of both tools' plans finds no difference.

use infra_engine::value::{Path, Step};

/// Sets of paths are in the order of a checksum, the CRC-64 of ISO 3309, over the names; every index counts as the same.
/// It is compared as a signed number.
pub(super) fn rank(path: &Path) -> i64 {
    const POLYNOMIAL: u64 = 0xD800_0000_0000_0000;
    let bytes = path.0.iter().flat_map(|step| match step {
        Step::Attr(name) => name.as_bytes(),
        Step::Index(_) => b"#",
    });
    let shift = |sum: u64| if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
    let sum =
        bytes.fold(u64::MAX, |sum, byte| (0..8).fold(sum ^ u64::from(*byte), |sum, _| shift(sum)));
    (!sum).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_rank_as_in_terraform() {
        let rank = |name: &str| rank(&Path::root().attr(name));
        assert_eq!(rank("vpc_id"), 3_704_687_020_128_022_528);
        assert_eq!(rank("cidr_block"), 7_782_220_426_257_706_435);
    }
}
