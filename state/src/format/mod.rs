//! The state file, version 4.

mod read;
mod write;

use infra_addrs::Resource;
use serde_json::Value as Json;

use crate::ObjectState;

pub use read::parse;
pub use write::write;

/// The JSON of one object, as a line of the journal holds it.
pub(crate) fn object_to_json(object: &ObjectState) -> Json {
    write::object_json(&None, None, object)
}

/// Reads what [`object_to_json`] writes; nothing if it is something else.
pub(crate) fn object_from_json(json: Json, resource: &Resource) -> Option<ObjectState> {
    read::object(serde_json::from_value(json).ok()?, resource).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = r#"{
  "version": 4,
  "terraform_version": "1.11.4",
  "serial": 3,
  "lineage": "5f9a4d7e",
  "outputs": {
    "id": {
      "value": "a\u0026b",
      "type": "string",
      "sensitive": true
    }
  },
  "resources": [
    {
      "mode": "managed",
      "type": "aws_vpc",
      "name": "main",
      "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
      "instances": [
        {
          "schema_version": 1,
          "attributes": {
            "id": "vpc-1",
            "tags": null
          },
          "sensitive_attributes": [
            [
              {
                "type": "get_attr",
                "value": "tags"
              },
              {
                "type": "index",
                "value": {
                  "value": "x",
                  "type": "string"
                }
              }
            ]
          ],
          "private": "eyJhIjoxfQ=="
        }
      ]
    },
    {
      "module": "module.net[0]",
      "mode": "managed",
      "type": "aws_subnet",
      "name": "a",
      "provider": "module.net.provider[\"registry.terraform.io/hashicorp/aws\"].east",
      "instances": [
        {
          "index_key": "k",
          "status": "tainted",
          "schema_version": 1,
          "attributes": {},
          "sensitive_attributes": [],
          "dependencies": [
            "aws_vpc.main"
          ],
          "create_before_destroy": true
        },
        {
          "index_key": "k",
          "deposed": "00000001",
          "schema_version": 1,
          "attributes": {},
          "sensitive_attributes": []
        }
      ]
    }
  ],
  "check_results": null
}
"#;

    #[test]
    fn a_state_is_written_as_it_was_read() {
        let state = parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(write(&state)).unwrap(), EXAMPLE);
    }

    #[test]
    fn a_newer_format_is_refused() {
        let error = parse(br#"{"version": 5}"#).unwrap_err();
        assert!(error.0.contains("version 5"), "{error}");
        let error = parse(br#"{"version": 5, "resources": {}}"#).unwrap_err();
        assert!(error.0.contains("version 5"), "{error}");
        assert!(parse(b"{").unwrap_err().0.contains("not JSON"));
    }

    #[test]
    fn null_is_nothing_and_another_shape_is_damage() {
        let state = parse(br#"{"version": 4, "outputs": null, "resources": null}"#).unwrap();
        assert!(state.resources.is_empty() && state.outputs.is_empty());
        let error = parse(br#"{"version": 4, "resources": {}}"#).unwrap_err();
        assert!(error.0.contains("damaged"), "{error}");
    }
}
