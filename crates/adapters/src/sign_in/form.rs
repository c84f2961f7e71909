//! What a filled-in form says of how the person signs in.

use model::{
    Carried, EndpointSource, Gives, OauthEndpoints, OauthFlow, OauthProvider, OauthSource, SessionMethod,
    SessionSource, SignIn,
};
use url::Url;

use super::fields::{
    AUDIENCE, AUTHORIZATION_URL, BROWSER, CLIENT, COOKIE, DEVICE_FLOW, DEVICE_URL, FLOW, ISSUER, KEY, LOGIN,
    LOGIN_BODY, LOGIN_GIVES, LOGIN_POINTER, LOGIN_URL, LOGIN_USER, PORT, PROMPT, RESOURCE, REVOCATION_URL, SCOPES,
    SIGN_IN, TOKEN_URL, usual_login,
};
use crate::{
    form::{Described, TOKEN, Values, Wrong, number, pretty, put, text, url},
    network::is_plain,
    session::{
        form::{Before, pointer, template},
        holds,
    },
};

/// What the fields say. `has_key` is whether there is a token or a password, typed now or kept from before.
pub(crate) fn read(values: &Values, has_key: bool) -> Result<SignIn, Wrong> {
    match text(values, SIGN_IN) {
        Some(LOGIN) => login(values, has_key).map(SignIn::Login),
        Some(BROWSER) => oauth(values).map(SignIn::Oauth),
        _ => Ok(SignIn::Key),
    }
}

/// The header in which what a sign-in gives is carried, if it is not the usual one.
pub fn carried(sign_in: &SignIn) -> Option<Carried> {
    match sign_in {
        SignIn::Login(EndpointSource { gives: Gives::Cookie, .. }) => {
            Some(Carried { header: "Cookie".to_owned(), scheme: None })
        }
        SignIn::Key | SignIn::Login(_) | SignIn::Oauth(_) => None,
    }
}

/// A cookie goes to the server that set it and to no other.
pub(crate) fn stays_home(described: &Described) -> Result<(), Wrong> {
    let SignIn::Login(login @ EndpointSource { gives: Gives::Cookie, .. }) = &described.sign_in else { return Ok(()) };
    let taker = match &described.session {
        SessionSource::Endpoint(endpoint) => endpoint.url.as_str(),
        _ => described.url.as_str(),
    };
    let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin().ascii_serialization());
    if origin(&login.url) == origin(taker) {
        return Ok(());
    }
    let reason = "A cookie goes only to the server that set it: the beginning of this address and of the one that takes it \
                  has to be the same.";
    Err(Wrong::new(LOGIN_URL, reason))
}

fn login(values: &Values, has_password: bool) -> Result<EndpointSource, Wrong> {
    let user = text(values, LOGIN_USER).ok_or_else(|| Wrong::new(LOGIN_USER, "Write who you are to the server."))?;
    if !has_password {
        return Err(Wrong::new(TOKEN, "The password is missing."));
    }
    let body = template(values, LOGIN_BODY, Before::Session)?.unwrap_or_else(usual_login);
    if !holds(&body, "key") {
        return Err(Wrong::new(LOGIN_BODY, "Write {{key}} where the password belongs."));
    }
    let gives = if text(values, LOGIN_GIVES) == Some(COOKIE) { Gives::Cookie } else { Gives::Token };
    Ok(EndpointSource {
        url: url(values, LOGIN_URL)?,
        method: SessionMethod::Post,
        headers: Vec::new(),
        body: Some(body),
        pointer: match gives {
            Gives::Token => pointer(values, LOGIN_POINTER)?,
            Gives::Cookie => text(values, LOGIN_POINTER).map(str::to_owned),
        },
        with_key: true,
        gives,
        refresh: None,
        user: Some(user.to_owned()),
    })
}

fn oauth(values: &Values) -> Result<OauthSource, Wrong> {
    let client_id = text(values, CLIENT).ok_or_else(|| Wrong::new(CLIENT, "The client ID is missing."))?;
    let owned = |key| text(values, key).map(str::to_owned);
    let port = number(values, PORT)?.map(|port| {
        let port = u16::try_from(port).ok().filter(|port| *port > 0);
        port.ok_or_else(|| Wrong::new(PORT, "A port is a number from 1 to 65535."))
    });
    let resource = owned(RESOURCE);
    if resource.as_deref().is_some_and(|resource| Url::parse(resource).is_err()) {
        return Err(Wrong::new(RESOURCE, "A resource is a whole address, such as https://chat.example.com/."));
    }
    let flow = if text(values, FLOW) == Some(DEVICE_FLOW) { OauthFlow::Device } else { OauthFlow::Browser };
    Ok(OauthSource {
        provider: provider(values, flow)?,
        client_id: client_id.to_owned(),
        confidential: false,
        scopes: text(values, SCOPES).into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect(),
        audience: owned(AUDIENCE),
        resource,
        prompt: owned(PROMPT),
        flow,
        port: port.transpose()?,
    })
}

fn provider(values: &Values, flow: OauthFlow) -> Result<OauthProvider, Wrong> {
    let address = |key| text(values, key).map(|_| encrypted(values, key)).transpose();
    if text(values, ISSUER).is_some() {
        let beside = [AUTHORIZATION_URL, TOKEN_URL, DEVICE_URL, REVOCATION_URL];
        if let Some(key) = beside.into_iter().find(|key| text(values, key).is_some()) {
            let reason =
                "The identity provider says this itself. Leave it empty, or leave the identity provider empty.";
            return Err(Wrong::new(key, reason));
        }
        encrypted(values, ISSUER)?;
        // An issuer is compared letter by letter, so it stays as it was typed.
        return Ok(OauthProvider::Issuer { issuer: text(values, ISSUER).unwrap_or_default().to_owned() });
    }
    let Some(token) = address(TOKEN_URL)? else {
        let reason = "Write the identity provider's issuer; or, if it has none, its addresses below.";
        return Err(Wrong::new(ISSUER, reason));
    };
    let (authorization, device) = (address(AUTHORIZATION_URL)?, address(DEVICE_URL)?);
    let missing = match flow {
        OauthFlow::Browser => authorization.is_none().then_some(AUTHORIZATION_URL),
        OauthFlow::Device => device.is_none().then_some(DEVICE_URL),
    };
    if let Some(key) = missing {
        return Err(Wrong::new(key, "Without an issuer this address is needed."));
    }
    Ok(OauthProvider::Endpoints(OauthEndpoints { authorization, token, device, revocation: address(REVOCATION_URL)? }))
}

/// An address of an identity provider, to which nothing goes that others could read.
fn encrypted(values: &Values, key: &'static str) -> Result<String, Wrong> {
    let address = url(values, key)?;
    if Url::parse(&address).is_ok_and(|url| is_plain(&url)) {
        return Err(Wrong::new(key, "Write it with https://: nobody signs in where others can read along."));
    }
    Ok(address)
}

/// The fields as they were filled in.
pub(crate) fn write(sign_in: &SignIn, values: &mut Values) {
    match sign_in {
        SignIn::Key => put(values, SIGN_IN, Some(KEY.to_owned())),
        SignIn::Login(login) => write_login(login, values),
        SignIn::Oauth(oauth) => write_oauth(oauth, values),
    }
}

fn write_login(login: &EndpointSource, values: &mut Values) {
    put(values, SIGN_IN, Some(LOGIN.to_owned()));
    put(values, LOGIN_URL, Some(login.url.clone()));
    put(values, LOGIN_USER, login.user.clone());
    put(values, LOGIN_BODY, login.body.as_ref().filter(|body| **body != usual_login()).map(pretty));
    put(values, LOGIN_GIVES, (login.gives == Gives::Cookie).then(|| COOKIE.to_owned()));
    put(values, LOGIN_POINTER, login.pointer.clone());
}

fn write_oauth(oauth: &OauthSource, values: &mut Values) {
    put(values, SIGN_IN, Some(BROWSER.to_owned()));
    match &oauth.provider {
        OauthProvider::Issuer { issuer } => put(values, ISSUER, Some(issuer.clone())),
        OauthProvider::Endpoints(endpoints) => {
            put(values, AUTHORIZATION_URL, endpoints.authorization.clone());
            put(values, TOKEN_URL, Some(endpoints.token.clone()));
            put(values, DEVICE_URL, endpoints.device.clone());
            put(values, REVOCATION_URL, endpoints.revocation.clone());
        }
    }
    put(values, CLIENT, Some(oauth.client_id.clone()));
    put(values, SCOPES, (!oauth.scopes.is_empty()).then(|| oauth.scopes.join(" ")));
    put(values, FLOW, (oauth.flow == OauthFlow::Device).then(|| DEVICE_FLOW.to_owned()));
    put(values, AUDIENCE, oauth.audience.clone());
    put(values, RESOURCE, oauth.resource.clone());
    put(values, PROMPT, oauth.prompt.clone());
    put(values, PORT, oauth.port.map(|port| port.to_string()));
}

#[cfg(test)]
mod tests {
    use super::{super::FIELDS, *};

    fn values(fields: &[(&str, &str)]) -> Values {
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    /// The form as it is filled in for somebody who signs in so.
    fn again(sign_in: &SignIn) -> Values {
        let mut values = Values::new();
        write(sign_in, &mut values);
        values
    }

    fn login_with(more: &[(&str, &str)]) -> Result<SignIn, Wrong> {
        let least = [(SIGN_IN, LOGIN), (LOGIN_URL, "https://a.example/login"), (LOGIN_USER, "ann")];
        read(&values(&[&least[..], more].concat()), true)
    }

    fn browser_with(more: &[(&str, &str)]) -> Result<SignIn, Wrong> {
        let least = [(SIGN_IN, BROWSER), (ISSUER, "https://id.example"), (CLIENT, "kittiwake")];
        read(&values(&[&least[..], more].concat()), false)
    }

    #[test]
    fn a_name_and_a_password_are_sent_to_the_login_address() {
        let usual = login_with(&[]).unwrap();
        let SignIn::Login(login) = &usual else { panic!("{usual:?}") };
        assert_eq!(login.body, Some(usual_login()));
        assert!(login.with_key && !again(&usual).contains_key(LOGIN_BODY));
        assert_eq!(read(&again(&usual), true).unwrap(), usual);
        let body = r#"{"username": "{{user}}", "pw": "{{key}}"}"#;
        let other = login_with(&[(LOGIN_BODY, body), (LOGIN_POINTER, "/jwt")]).unwrap();
        assert_eq!(read(&again(&other), true).unwrap(), other);
        for (field, typed) in [(LOGIN_USER, ""), (LOGIN_URL, ""), (LOGIN_BODY, "{}"), (LOGIN_POINTER, "jwt")] {
            assert_eq!(login_with(&[(field, typed)]).unwrap_err().key, field);
        }
        assert_eq!(read(&again(&usual), false).unwrap_err().key, TOKEN);
    }

    #[test]
    fn a_login_may_give_a_cookie() {
        let cookie = login_with(&[(LOGIN_GIVES, COOKIE), (LOGIN_POINTER, "sid")]).unwrap();
        assert_eq!(read(&again(&cookie), true).unwrap(), cookie);
        assert_eq!(carried(&cookie).unwrap().header, "Cookie");
        assert_eq!(carried(&login_with(&[]).unwrap()), None);
    }

    #[test]
    fn a_cookie_stays_at_the_server_that_set_it() {
        let described = |url: &str, gives: &str| {
            let sign_in = login_with(&[(LOGIN_GIVES, gives)]).unwrap();
            Described { sign_in, ..Described::new(url.to_owned(), SessionSource::Static) }
        };
        assert!(stays_home(&described("https://a.example/chatkit", COOKIE)).is_ok());
        for elsewhere in ["https://b.example/chatkit", "http://a.example/chatkit", "https://a.example:444/chatkit"] {
            assert_eq!(stays_home(&described(elsewhere, COOKIE)).unwrap_err().key, LOGIN_URL, "{elsewhere}");
            assert!(stays_home(&described(elsewhere, "token")).is_ok(), "a token goes where it was meant for");
        }
    }

    #[test]
    fn what_was_said_of_a_provider_can_be_edited_later() {
        let least = browser_with(&[]).unwrap();
        assert_eq!(read(&again(&least), false).unwrap(), least);
        let whole = browser_with(&[
            (ISSUER, "https://id.example/realms/a"),
            (SCOPES, " profile  offline_access "),
            (FLOW, DEVICE_FLOW),
            (AUDIENCE, "chat"),
            (RESOURCE, "https://chat.example/"),
            (PROMPT, "login"),
            (PORT, "8123"),
        ]);
        let whole = whole.unwrap();
        assert_eq!(again(&whole)[SCOPES], "profile offline_access");
        assert_eq!(read(&again(&whole), false).unwrap(), whole);
        let addresses = browser_with(&[
            (ISSUER, ""),
            (AUTHORIZATION_URL, "https://id.example/authorize"),
            (TOKEN_URL, "https://id.example/token"),
            (REVOCATION_URL, "https://id.example/revoke"),
        ]);
        let addresses = addresses.unwrap();
        assert_eq!(read(&again(&addresses), false).unwrap(), addresses);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_not_quoted() {
        for (field, typed, words) in [
            (CLIENT, "", "missing"),
            (ISSUER, "", "its addresses below"),
            (ISSUER, "sesame", "beginning with"),
            (ISSUER, "http://sesame.example", "https://"),
            (TOKEN_URL, "https://sesame.example/t", "says this itself"),
            (RESOURCE, "sesame", "whole address"),
            (PORT, "70000", "from 1 to 65535"),
            (PORT, "sesame", "whole number"),
        ] {
            let wrong = browser_with(&[(field, typed)]).unwrap_err();
            assert_eq!(wrong.key, field, "{wrong}");
            assert!(wrong.reason.contains(words) && !wrong.reason.contains("sesam"), "{typed}: {wrong}");
        }
        let token = (TOKEN_URL, "https://id.example/t");
        assert_eq!(browser_with(&[(ISSUER, ""), token]).unwrap_err().key, AUTHORIZATION_URL);
        assert_eq!(browser_with(&[(ISSUER, ""), token, (FLOW, DEVICE_FLOW)]).unwrap_err().key, DEVICE_URL);
        assert!(browser_with(&[(ISSUER, "http://127.0.0.1:9000")]).is_ok(), "a provider on this computer");
    }

    #[test]
    fn every_field_has_words_for_the_person() {
        assert!(FIELDS.iter().all(|field| !field.label.is_empty() && field.help.ends_with('.')));
    }
}
