use base64::Engine as _;
use infra_provider_sdk::prelude::*;
use rand::Rng as _;

/// Random bytes in several notations.
///
/// ```hcl
/// resource "random_id" "suffix" {
///   byte_length = 4
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_id")]
pub(crate) struct RandomId {
    /// Number of bytes.
    #[attr(force_new)]
    byte_length: i64,
    /// Values whose change makes new bytes.
    #[attr(force_new)]
    keepers: Option<BTreeMap<String, String>>,
    /// Text before each notation.
    #[attr(force_new)]
    prefix: Option<String>,
    /// In Base64 for URLs.
    b64_url: Computed<String>,
    /// In Base64.
    b64_std: Computed<String>,
    /// In hexadecimal.
    hex: Computed<String>,
    /// As a decimal number.
    dec: Computed<String>,
}

impl RandomId {
    fn notations(&self, id: &str) -> Result<Self> {
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let bytes =
            engine.decode(id).map_err(|_| Error::new("The id in the state is not Base64."))?;
        let prefix = self.prefix.clone().unwrap_or_default();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let number = bytes.iter().fold(infra_value::Number::from(0), |number, byte| {
            number.mul(&256.into()).add(&i64::from(*byte).into())
        });
        Ok(Self {
            b64_url: format!("{prefix}{id}").into(),
            b64_std: format!(
                "{prefix}{}",
                base64::engine::general_purpose::STANDARD.encode(&bytes)
            )
            .into(),
            hex: format!("{prefix}{hex}").into(),
            dec: format!("{prefix}{number}").into(),
            ..self.clone()
        })
    }
}

impl Operations for RandomId {
    type Client = ();

    async fn create(_: &(), plan: &Self) -> Result<Id> {
        let length =
            usize::try_from(plan.byte_length).ok().filter(|length| (1..=4096).contains(length));
        let Some(length) = length else {
            return Err(Error::new("Between 1 and 4096 bytes.").at("byte_length"));
        };
        let mut bytes = vec![0; length];
        rand::rng().fill_bytes(&mut bytes);
        Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&bytes).into())
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        let all = known.iter().map(|known| known.notations(&known.id).map(Some));
        Ok(Found::each(all.collect::<Result<Vec<_>>>()?))
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
