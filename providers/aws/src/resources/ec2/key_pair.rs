use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::ResourceType;

use crate::listing::{self, Filtered};
use crate::prelude::*;

/// A public key that instances let in.
///
/// ```hcl
/// resource "aws_key_pair" "deployer" {
///   key_name   = "deployer"
///   public_key = file("~/.ssh/id_ed25519.pub")
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_key_pair", version = 1, checks = CHECKS)]
pub(crate) struct KeyPair {
    /// Amazon Resource Name.
    arn: Computed<String>,
    fingerprint: Computed<String>,
    /// Its name, by default one made from `key_name_prefix`.
    #[attr(computed, force_new)]
    key_name: Option<String>,
    #[attr(computed, force_new)]
    key_name_prefix: Option<String>,
    key_pair_id: Computed<String>,
    /// `rsa` or `ed25519`.
    key_type: Computed<String>,
    /// The key, in the format of OpenSSH.
    #[attr(force_new, unreadable, stored = trimmed)]
    public_key: String,
    tags: Tags,
}

fn trimmed(key: &str) -> String {
    key.trim().to_owned()
}

impl Operations for KeyPair {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let name = names::name_or_new(plan.key_name.as_ref(), plan.key_name_prefix.as_ref(), 255);
        let request = aws
            .ec2
            .import_key_pair()
            .key_name(&name)
            .public_key_material(Blob::new(plan.public_key.as_bytes()))
            .set_tag_specifications(tags::specification(&plan.tags, ResourceType::KeyPair));
        let response = request.send().await.explain(&format!("importing EC2 Key Pair ({name})"))?;
        Ok(Id(response.key_name.unwrap_or(name)))
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let request = aws.ec2.describe_key_pairs().filters(filter("key-name", ids(chunk)));
            let pairs = request.send().await.explain("reading EC2 Key Pairs")?.key_pairs;
            for pair in pairs.unwrap_or_default() {
                let name = pair.key_name.clone().unwrap_or_default();
                let account = aws.account().await?;
                let object = Self {
                    arn: aws.arn("ec2", account, &format!("key-pair/{name}")).into(),
                    fingerprint: pair.key_fingerprint.into(),
                    key_name: Some(name.clone()),
                    key_name_prefix: Some(names::prefix_of(&name)),
                    key_pair_id: pair.key_pair_id.into(),
                    key_type: pair.key_type.as_ref().map_or("", |kind| kind.as_str()).into(),
                    public_key: pair.public_key.unwrap_or_default(),
                    tags: tags::from_ec2(pair.tags.as_ref()),
                };
                found.insert(name, object);
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let id = prior.key_pair_id.as_deref().unwrap_or_default();
        tags::update_ec2(aws, id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.ec2.delete_key_pair().key_name(&*prior.id);
        request.send().await.found("deleting EC2 Key Pair", &["InvalidKeyPair.NotFound"])?;
        Ok(())
    }
}

impl List for KeyPair {
    type Config = Filtered;

    /// The API has no pages of them.
    async fn list(aws: &Aws, wanted: &Filtered, _page: Page) -> Result<Results> {
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &[])?
        else {
            return Ok(Results::default());
        };
        let answer = aws.ec2.describe_key_pairs().set_filters(Some(filters)).send().await;
        let pairs = answer.explain("listing EC2 Key Pairs")?.key_pairs.unwrap_or_default();
        let names = pairs.into_iter().filter_map(|pair| pair.key_name);
        Ok(Results::new(names.map(|name| (name.clone(), name)), None::<String>))
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    length("key_name", 0, 255),
    length("key_name_prefix", 0, 229),
    conflicts("key_name", &["key_name_prefix"]),
    conflicts("key_name_prefix", &["key_name"]),
];
