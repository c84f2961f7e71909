//! Signing in in the terminal.

use super::*;

/// A settings file with a connection that is signed in to at a provider.
fn settings(bed: &Bed, issuer: &str) {
    let sign_in = json!({
        "type": "oauth",
        "provider": {"type": "issuer", "issuer": issuer},
        "client_id": "kittiwake",
        "flow": "device",
    });
    let office = json!({
        "id": "office",
        "name": "Office",
        "kind": "chatkit",
        "url": "https://chat.example/chatkit",
        "sign_in": sign_in,
        "session": {"type": "static"},
    });
    let written = json!({"version": 1, "connections": [office]}).to_string();
    std::fs::write(bed.data.path().join("settings.json"), written).unwrap();
}

#[test]
fn where_to_sign_in_is_printed_and_a_refusal_is_told() {
    let bed = Bed::new();
    let provider = Server::new(|request, stream| {
        let host = request.head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let path = request.head.split(' ').nth(1).unwrap();
        let at = |path: &str| format!("http://{host}/{path}");
        let told = match path {
            "/.well-known/openid-configuration" => json!({
                "issuer": format!("http://{host}"),
                "authorization_endpoint": at("authorize"),
                "token_endpoint": at("token"),
                "device_authorization_endpoint": at("device"),
                "jwks_uri": at("keys"),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
            "/keys" => json!({"keys": []}),
            "/device" => json!({
                "device_code": "d",
                "user_code": "WXYZ-1234",
                "verification_uri": "https://login.example/device",
                "expires_in": 60,
                "interval": 1,
            }),
            _ => json!({"error": "access_denied"}),
        };
        let status = if told.get("error").is_some() { "400 Bad Request" } else { "200 OK" };
        let _ = stream.write_all(answer(status, "application/json", &told.to_string()).as_bytes());
    });
    settings(&bed, provider.url.trim_end_matches("/chatkit"));
    let ran = bed.run(&["sign-in", "--connection", "office"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("https://login.example/device") && ran.out.contains("\nWXYZ-1234\n"), "{ran:?}");
    assert!(ran.err.contains("[signed_out]"), "{ran:?}");

    let ran = bed.run(&["sign-out", "--connection", "office"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{ran:?}");
    assert_eq!(bed.run(&["sign-in", "--connection", "guide"]).code, Some(1));
    assert_eq!(bed.run(&["sign-in", "--connection", "nobody"]).code, Some(2));
}
