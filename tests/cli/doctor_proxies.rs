//! `vsfb doctor`: which proxy applies, what says so, and why there is none.

use crate::doctor::{examine, found, stores, vsfb_to};
use crate::support::peers::{RefusedPort, SocksProxy};
use crate::support::server::Server;

#[test]
fn the_proxy_that_applies_is_named() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = Server::answering([stores()]);
        let url = proxy.url().replace("http://", "http://me:s3cret@");
        let (code, findings) =
            examine(vsfb_to("http://vsfb.example/v1").env(variable, &url).env("HTTPS_PROXY", "http://x"));
        let finding = format!("{} ({variable})", proxy.url());
        assert_eq!((code, found(&findings, "proxy")), (0, ("ok", finding.as_str(), "")));
        assert_eq!(proxy.request().target, "http://vsfb.example/v1/vector_stores?limit=1");
    }
    // An empty variable in capitals keeps the one in small letters from being used.
    #[cfg(unix)]
    {
        let (proxy, unused) = (Server::answering([stores()]), RefusedPort::new());
        let mut command = vsfb_to("http://vsfb.example/v1");
        command.env("HTTP_PROXY", "").env("http_proxy", unused.base_url()).env("ALL_PROXY", proxy.url());
        let (code, findings) = examine(&mut command);
        assert_eq!((code, found(&findings, "proxy").1), (0, format!("{} (ALL_PROXY)", proxy.url()).as_str()));
        assert_eq!(proxy.requests().len(), 1);
    }
    let server = Server::answering([stores()]);
    let socks = SocksProxy::leading_to(server.address());
    let url = format!("socks5h://{}", socks.address());
    let (code, findings) = examine(vsfb_to("http://vsfb.example/v1").env("ALL_PROXY", &url));
    assert_eq!((code, found(&findings, "proxy").1), (0, format!("{url} (ALL_PROXY)").as_str()));
    assert_eq!(socks.targets(), ["vsfb.example:80"]);
}

#[cfg(unix)]
#[test]
fn why_there_is_no_proxy_is_told() {
    let proxy = Server::expecting_none();
    let server = Server::answering([stores(), stores(), stores(), stores()]);
    let base_url = format!("http://0.0.0.0:{}/v1", server.address().port());
    for (no_proxy, told) in
        [("*", "NO_PROXY is for every host"), ("0.0.0.0", "NO_PROXY excepts this host from HTTP_PROXY")]
    {
        let (code, findings) = examine(vsfb_to(&base_url).env("HTTP_PROXY", proxy.url()).env("NO_PROXY", no_proxy));
        assert_eq!((code, found(&findings, "proxy").1), (0, format!("none: {told}").as_str()));
    }
    let (_, findings) = examine(vsfb_to(&base_url).env("HTTPS_PROXY", proxy.url()));
    assert_eq!(found(&findings, "proxy").1, "none: neither HTTP_PROXY nor ALL_PROXY is set");
    let (code, findings) = examine(vsfb_to(&base_url).env("HTTP_PROXY", "").env("http_proxy", proxy.url()));
    assert_eq!((code, found(&findings, "proxy").1), (0, "none, though http_proxy is set"));
    assert_eq!(proxy.connections(), 0);
}
