//! Connections through a proxy: `CONNECT` of HTTP, and SOCKS 5.

use base64::Engine as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::settings::{Proxy, Scheme};

/// A connection to a host through a proxy.
///
/// # Errors
/// Why the proxy does not make it.
pub(crate) async fn connect(proxy: &Proxy, host: &str, port: u16) -> Result<TcpStream, String> {
    let at = format!("{}:{}", proxy.host, proxy.port);
    let stream = TcpStream::connect((proxy.host.as_str(), proxy.port)).await;
    let mut stream = stream.map_err(|error| format!("proxy {at}: {error}"))?;
    let asked = match proxy.scheme {
        Scheme::Http => http(&mut stream, proxy, host, port).await,
        Scheme::Socks5 => socks5(&mut stream, proxy, host, port).await,
    };
    match asked {
        Ok(None) => Ok(stream),
        Ok(Some(refusal)) => Err(format!("proxy {at}: {refusal}")),
        Err(error) => Err(format!("proxy {at}: {error}")),
    }
}

async fn http(
    stream: &mut TcpStream,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> std::io::Result<Option<String>> {
    let credentials = proxy.credentials.as_ref().map_or_else(String::new, |(user, password)| {
        let text = base64::prelude::BASE64_STANDARD.encode(format!("{user}:{password}"));
        format!("Proxy-Authorization: Basic {text}\r\n")
    });
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let request =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}\r\n");
    stream.write_all(request.as_bytes()).await?;
    // What comes after the empty line is the server's: nothing of it may be read here.
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") && answer.len() < 16_384 {
        answer.push(stream.read_u8().await?);
    }
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default();
    let accepted = status.split(' ').nth(1).is_some_and(|code| code.starts_with('2'));
    Ok((!accepted).then(|| format!("the answer is \"{status}\"")))
}

async fn socks5(
    stream: &mut TcpStream,
    proxy: &Proxy,
    host: &str,
    port: u16,
) -> std::io::Result<Option<String>> {
    let method = if proxy.credentials.is_some() { 2 } else { 0 };
    stream.write_all(&[5, 1, method]).await?;
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).await?;
    if answer != [5, method] {
        return Ok(Some("it does not accept the credentials that are configured".to_owned()));
    }
    if let Some((user, password)) = &proxy.credentials {
        let mut request = vec![1];
        for text in [user, password] {
            let Ok(length) = u8::try_from(text.len()) else {
                return Ok(Some("user name or password are too long for SOCKS 5".to_owned()));
            };
            request.push(length);
            request.extend(text.as_bytes());
        }
        stream.write_all(&request).await?;
        stream.read_exact(&mut answer).await?;
        if answer[1] != 0 {
            return Ok(Some("it refuses the user name or password".to_owned()));
        }
    }
    let Ok(length) = u8::try_from(host.len()) else {
        return Ok(Some("the name of the host is too long for SOCKS 5".to_owned()));
    };
    let mut request = vec![5, 1, 0, 3, length];
    request.extend(host.as_bytes());
    request.extend(port.to_be_bytes());
    stream.write_all(&request).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    if head[1] != 0 {
        return Ok(Some(format!("it does not connect to {host}:{port} (code {})", head[1])));
    }
    let address = match head[3] {
        1 => 4,
        4 => 16,
        _ => usize::from(stream.read_u8().await?),
    };
    let mut rest = vec![0; address + 2];
    stream.read_exact(&mut rest).await?;
    Ok(None)
}
