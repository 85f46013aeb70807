//! The requests that make a table: new, from files, or from another table.

use aws_sdk_dynamodb::primitives::{DateTime, DateTimeFormat};
use aws_sdk_dynamodb::types as api;

use super::{DynamodbTable, GlobalSecondaryIndex, OnDemandThroughput, given, tag_list};
use crate::prelude::*;

/// The key of a table or index.
fn key(hash: &str, range: &str) -> Result<Vec<api::KeySchemaElement>> {
    let element = |name: &str, kind| {
        built(api::KeySchemaElement::builder().attribute_name(name).key_type(kind).build())
    };
    let mut key = vec![element(hash, api::KeyType::Hash)?];
    if !range.is_empty() {
        key.push(element(range, api::KeyType::Range)?);
    }
    Ok(key)
}

pub(super) fn projection(kind: &str, attributes: Vec<String>) -> api::Projection {
    api::Projection::builder()
        .projection_type(kind.into())
        .set_non_key_attributes((!attributes.is_empty()).then_some(attributes))
        .build()
}

/// The throughput that was bought; at least one of each, as the API wants.
pub(super) fn throughput(
    read: Option<i64>,
    write: Option<i64>,
) -> Result<api::ProvisionedThroughput> {
    built(
        api::ProvisionedThroughput::builder()
            .read_capacity_units(read.unwrap_or(1).max(1))
            .write_capacity_units(write.unwrap_or(1).max(1))
            .build(),
    )
}

impl OnDemandThroughput {
    pub(super) fn request(&self) -> Option<api::OnDemandThroughput> {
        let limit = |units: Option<i64>| units.filter(|units| *units != 0);
        let (read, write) =
            (limit(self.max_read_request_units), limit(self.max_write_request_units));
        (read.is_some() || write.is_some()).then(|| {
            api::OnDemandThroughput::builder()
                .set_max_read_request_units(read)
                .set_max_write_request_units(write)
                .build()
        })
    }
}

impl GlobalSecondaryIndex {
    pub(super) fn key(&self) -> Result<Vec<api::KeySchemaElement>> {
        key(&self.hash_key, &self.range_key)
    }

    pub(super) fn attributes(&self) -> Vec<String> {
        self.non_key_attributes.clone().unwrap_or_default().0
    }

    fn request(&self, provisioned: bool) -> Result<api::GlobalSecondaryIndex> {
        let throughput =
            provisioned.then(|| throughput(self.read_capacity, self.write_capacity)).transpose()?;
        built(
            api::GlobalSecondaryIndex::builder()
                .index_name(&self.name)
                .set_key_schema(Some(self.key()?))
                .projection(projection(&self.projection_type, self.attributes()))
                .set_provisioned_throughput(throughput)
                .set_on_demand_throughput(
                    self.on_demand_throughput
                        .as_ref()
                        .filter(|_| !provisioned)
                        .and_then(OnDemandThroughput::request),
                )
                .build(),
        )
    }
}

impl DynamodbTable {
    pub(super) fn is_provisioned(&self) -> bool {
        self.billing_mode != "PAY_PER_REQUEST"
    }

    pub(super) fn attributes(&self) -> Result<Vec<api::AttributeDefinition>> {
        let definitions = self.attribute.iter().map(|attribute| {
            built(
                api::AttributeDefinition::builder()
                    .attribute_name(&attribute.name)
                    .attribute_type(attribute.r#type.as_str().into())
                    .build(),
            )
        });
        definitions.collect()
    }

    fn key(&self) -> Result<Vec<api::KeySchemaElement>> {
        let range = self.range_key.as_deref().unwrap_or_default();
        key(self.hash_key.as_deref().unwrap_or_default(), range)
    }

    pub(super) fn stream(&self) -> Result<Option<api::StreamSpecification>> {
        let Some(enabled) = self.stream_enabled else { return Ok(None) };
        let view = given(&self.stream_view_type).filter(|_| enabled);
        let built = built(
            api::StreamSpecification::builder()
                .stream_enabled(enabled)
                .set_stream_view_type(view.as_deref().map(Into::into))
                .build(),
        )?;
        Ok(Some(built).filter(|_| enabled))
    }

    pub(super) fn encryption(&self) -> Option<api::SseSpecification> {
        let wanted = self.server_side_encryption.as_ref()?;
        let built = api::SseSpecification::builder().enabled(wanted.enabled);
        Some(if wanted.enabled {
            built
                .sse_type(api::SseType::Kms)
                .set_kms_master_key_id(given(&wanted.kms_key_arn))
                .build()
        } else {
            built.build()
        })
    }

    fn local_indexes(&self) -> Result<Option<Vec<api::LocalSecondaryIndex>>> {
        let hash = self.hash_key.as_deref().unwrap_or_default();
        let indexes = self.local_secondary_index.iter().map(|index| {
            let attributes = index.non_key_attributes.clone().unwrap_or_default();
            built(
                api::LocalSecondaryIndex::builder()
                    .index_name(&index.name)
                    .set_key_schema(Some(key(hash, &index.range_key)?))
                    .projection(projection(&index.projection_type, attributes))
                    .build(),
            )
        });
        let indexes = indexes.collect::<Result<Vec<_>>>()?;
        Ok((!indexes.is_empty()).then_some(indexes))
    }

    fn global_indexes(&self) -> Result<Option<Vec<api::GlobalSecondaryIndex>>> {
        let indexes =
            self.global_secondary_index.iter().map(|index| index.request(self.is_provisioned()));
        let indexes = indexes.collect::<Result<Vec<_>>>()?;
        Ok((!indexes.is_empty()).then_some(indexes))
    }

    fn bought(&self) -> Result<Option<api::ProvisionedThroughput>> {
        self.is_provisioned()
            .then(|| throughput(self.read_capacity, self.write_capacity))
            .transpose()
    }

    pub(super) async fn make(&self, aws: &Aws) -> Result<()> {
        let source = given(&self.restore_source_name);
        let source_arn = given(&self.restore_source_table_arn);
        if source.is_some() || source_arn.is_some() {
            return self.restore(aws, source, source_arn).await;
        }
        if self.import_table.is_some() {
            return self.import_files(aws).await;
        }
        let request = aws
            .dynamodb
            .create_table()
            .table_name(&self.name)
            .billing_mode(self.billing_mode.as_str().into())
            .set_attribute_definitions(Some(self.attributes()?))
            .set_key_schema(Some(self.key()?))
            .set_provisioned_throughput(self.bought()?)
            .set_on_demand_throughput(
                self.on_demand_throughput.as_ref().and_then(OnDemandThroughput::request),
            )
            .set_local_secondary_indexes(self.local_indexes()?)
            .set_global_secondary_indexes(self.global_indexes()?)
            .set_stream_specification(self.stream()?)
            .set_sse_specification(self.encryption())
            .set_table_class(given(&self.table_class).as_deref().map(Into::into))
            .set_deletion_protection_enabled(self.deletion_protection_enabled)
            .set_tags(tag_list(self.tags.all())?);
        request.send().await.explain(&format!("creating AWS DynamoDB Table ({})", self.name))?;
        Ok(())
    }

    async fn restore(&self, aws: &Aws, source: Option<String>, arn: Option<String>) -> Result<()> {
        let time = given(&self.restore_date_time)
            .map(|text| DateTime::from_str(&text, DateTimeFormat::DateTime))
            .transpose()
            .map_err(|error| {
                Error::new(format!("restore_date_time is no time of RFC 3339: {error}."))
            })?;
        let request = aws
            .dynamodb
            .restore_table_to_point_in_time()
            .target_table_name(&self.name)
            .set_source_table_name(source)
            .set_source_table_arn(arn)
            .set_use_latest_restorable_time(self.restore_to_latest_time)
            .set_restore_date_time(time)
            .billing_mode_override(self.billing_mode.as_str().into())
            .set_provisioned_throughput_override(self.bought()?)
            .set_global_secondary_index_override(self.global_indexes()?)
            .set_local_secondary_index_override(self.local_indexes()?)
            .set_sse_specification_override(self.encryption());
        request.send().await.explain("restoring DynamoDB Table")?;
        Ok(())
    }

    async fn import_files(&self, aws: &Aws) -> Result<()> {
        let Some(import) = &self.import_table else { return Ok(()) };
        let Some(source) = &import.s3_bucket_source else {
            return Err(Error::missing("s3_bucket_source"));
        };
        let bucket = built(
            api::S3BucketSource::builder()
                .s3_bucket(&source.bucket)
                .set_s3_bucket_owner(given(&source.bucket_owner))
                .set_s3_key_prefix(given(&source.key_prefix))
                .build(),
        )?;
        let options =
            import.input_format_options.as_ref().and_then(|options| options.csv.as_ref()).map(
                |csv| {
                    let headers = csv.header_list.clone().unwrap_or_default().0;
                    let csv = api::CsvOptions::builder()
                        .set_delimiter(given(&csv.delimiter))
                        .set_header_list((!headers.is_empty()).then_some(headers))
                        .build();
                    api::InputFormatOptions::builder().csv(csv).build()
                },
            );
        let table = built(
            api::TableCreationParameters::builder()
                .table_name(&self.name)
                .billing_mode(self.billing_mode.as_str().into())
                .set_attribute_definitions(Some(self.attributes()?))
                .set_key_schema(Some(self.key()?))
                .set_provisioned_throughput(self.bought()?)
                .set_global_secondary_indexes(self.global_indexes()?)
                .set_sse_specification(self.encryption())
                .build(),
        )?;
        let request = aws
            .dynamodb
            .import_table()
            .s3_bucket_source(bucket)
            .input_format(import.input_format.as_str().into())
            .set_input_compression_type(
                given(&import.input_compression_type).as_deref().map(Into::into),
            )
            .set_input_format_options(options)
            .table_creation_parameters(table);
        request.send().await.explain("importing DynamoDB Table")?;
        Ok(())
    }
}
