# What the program beside this applies.

resource "terraform_data" "greeting" {
  input = "Hello from an embedded engine"
}

output "greeting" {
  value = terraform_data.greeting.output
}
