//! Finding objects: page by page, and no more pages than are wanted.

use std::future::Future;

use infra_provider::{ListRequest, Listed, Problem};
use infra_value::Step;

use crate::{Fields, Id, Operations, Result, apply, registration};

/// The verb of a resource type whose objects can be found without being known.
pub trait List: Operations {
    /// The arguments of the block `config`: which objects are wanted.
    type Config: Fields + Send + Sync;

    /// Finds a page of objects.
    fn list(
        client: &Self::Client,
        wanted: &Self::Config,
        page: Page,
    ) -> impl Future<Output = Result<Results>> + Send;
}

/// Which page is wanted.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the page before said of this one; nothing for the first.
    pub token: Option<String>,
    /// How many objects are still wanted.
    pub left: u64,
}

impl Page {
    /// How many objects to ask for, where an API takes no fewer and no more than these.
    pub fn size(&self, fewest: i32, most: i32) -> i32 {
        i32::try_from(self.left).unwrap_or(most).clamp(fewest, most)
    }
}

/// A page of objects.
#[derive(Clone, Default, Debug)]
pub struct Results {
    /// The import id of each, and what people call it.
    pub found: Vec<(Id, String)>,
    /// How to ask for the next page; nothing if this is the last one.
    pub next: Option<String>,
}

impl Results {
    /// Objects with their import ids and names, and what the API says of the next page.
    pub fn new(
        found: impl IntoIterator<Item = (String, String)>,
        next: Option<impl Into<String>>,
    ) -> Self {
        let found = found.into_iter().map(|(id, name)| (Id(id), name)).collect();
        Self { found, next: next.map(Into::into).filter(|next| !next.is_empty()) }
    }
}

/// What is wrong with an argument, seen from the `list` block.
fn in_config(mut problem: Problem) -> Problem {
    if !problem.path.0.is_empty() {
        problem.path.0.insert(0, Step::Attr("config".into()));
    }
    problem
}

/// Finds as many objects as are wanted, and reads those of a page together.
pub(crate) async fn find<T: List>(
    client: &T::Client,
    request: ListRequest<'_>,
) -> std::result::Result<(), Problem> {
    let wanted = T::Config::from_object(request.config);
    let schema = registration::schema::<T>();
    let mut page = Page { token: None, left: request.limit };
    while page.left > 0 {
        let listed = T::list(client, &wanted, page.clone()).await.map_err(Problem::from);
        let Results { mut found, next } = listed.map_err(in_config)?;
        found.truncate(usize::try_from(page.left).unwrap_or(usize::MAX));
        page.left -= found.len() as u64;
        if request.include_object {
            let ids: Vec<String> = found.iter().map(|(id, _)| id.0.clone()).collect();
            let objects = apply::imported::<T>(client, &schema, &ids).await.into_iter();
            let objects: Vec<_> = objects.collect::<std::result::Result<_, _>>()?;
            let objects = apply::read_many::<T>(client, &schema, &objects).await;
            for ((id, name), object) in found.into_iter().zip(objects) {
                // What is gone meanwhile was not found.
                if let Some(object) = object? {
                    (request.found)(Listed { id: id.0, name, object: Some(object) });
                }
            }
        } else {
            for (id, name) in found {
                (request.found)(Listed { id: id.0, name, object: None });
            }
        }
        match next {
            Some(_) => page.token = next,
            None => break,
        }
    }
    Ok(())
}
