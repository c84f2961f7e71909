//! What can be typed on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use model::{Patience, PlainHttp};

/// What stands at the end of `--help`.
const EXIT_CODES: &str = "\
Exit codes:
  0    the answer is whole
  1    there was no answer, or something else failed
  2    the command line, the address or the token cannot be used
  3    the answer broke off; what had come was printed
  130  stopped with Ctrl+C
  141  the reader of the output went away
  143  ended by the system

Errors go to standard error as “kittiwake-cli: message [code]”.";

/// What stands at the end of the help of `doctor`.
const DOCTOR_CODES: &str = "\
Without a connection, all those of the window that are switched on are tested, one after another; without any, the
Guide. A step that fails, or works and could be better, says what is wrong by name, in brackets, with why, what to do,
and who can mend it.

The test says hello to the server in a conversation of its own, which it deletes afterwards.

Exit codes:
  0    the connection works: the hello was answered by a stream; so do all that were tested
  1    one does not; the step that failed says why
  2    the command line, the address or the token cannot be used
  130  stopped with Ctrl+C";

/// What stands at the end of the help of `config check`.
const CHECK_CODES: &str = "\
Each mistake is a line of its own: FILE:LINE:COLUMN: what is wrong, and what would be right. A hint is what
works and is probably not meant.

Exit codes:
  0    the file can be used; there may be hints
  1    it cannot be read
  2    it has mistakes, or with --strict hints";

/// Kittiwake in the terminal: talk to ChatKit servers, or to the Guide that answers from Kittiwake's manual.
#[derive(Debug, Parser)]
#[command(name = "kittiwake-cli", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// Keep everything in this folder; KITTIWAKE_DATA_DIR does the same.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask one question and print the answer while it is written.
    Ask(Ask),
    /// Hold a conversation.
    Chat(Chat),
    /// Test a connection step by step, down to a streamed hello, and say what is wrong with it.
    Doctor(Doctor),
    /// List the models that can be chosen, known without a network.
    Models(Models),
    /// Sign in to a connection that is signed in to in a browser: print where to, and wait.
    SignIn(Known),
    /// Sign out of such a connection, here and at its identity provider.
    SignOut(Known),
    /// Files of settings: how they are described, whether one is right, and what is in force.
    #[command(subcommand)]
    Config(Config),
    /// The key of a connection in the keychain: put there, removed, or whether there is one.
    #[command(subcommand)]
    Secret(Secret),
    /// Run the Guide as a ChatKit server on this machine, until Ctrl+C.
    Serve(Serve),
}

/// One question.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Ask {
    /// The question; “-”, or nothing while standard input is piped, reads it from there.
    pub question: Option<String>,
    /// With whom.
    #[command(flatten)]
    pub partner: Partner,
    /// Hold it with this model, by the name that its server has for it.
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// How long to wait.
    #[command(flatten)]
    pub waiting: Waiting,
    /// Print each event of the answer as a JSON object on its own line.
    #[arg(long)]
    pub json: bool,
    /// Say afterwards how the answer came about: model, times, tokens, and what failed on the way. It goes to standard
    /// error, or with --json into one more line.
    #[arg(long)]
    pub details: bool,
    /// Write what went over the wire into this file, without secrets.
    #[arg(long, value_name = "FILE")]
    pub wire: Option<PathBuf>,
}

/// How long to wait for a server.
#[derive(Debug, Clone, Copy, Args)]
pub struct Waiting {
    /// Wait up to this many seconds in all if the server wants a pause, and send the question again.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, hide_default_value = true)]
    pub patience: u32,
}

impl Waiting {
    /// The same for the engine.
    pub fn patience(self) -> Patience {
        Patience(self.patience)
    }
}

/// A conversation.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct Chat {
    /// With whom.
    #[command(flatten)]
    pub partner: Partner,
    /// Hold it with this model, by the name that its server has for it.
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// How long to wait.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// The catalogue of models.
#[derive(Debug, Args)]
pub struct Models {
    /// Only those of this connection or route, one of those that the window shows under Settings.
    #[arg(long, value_name = "NAME")]
    pub connection: Option<String>,
    /// Ask the servers for their lists before; what cannot be had stays as it was.
    #[arg(long)]
    pub refresh: bool,
    /// Print the catalogue as one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// A test of a connection.
#[derive(Debug, Args)]
#[command(after_help = DOCTOR_CODES)]
pub struct Doctor {
    /// Which connection.
    #[command(flatten)]
    pub partner: Partner,
    /// Print each step as a JSON object on its own line, and how it ended as the last one.
    #[arg(long)]
    pub json: bool,
    /// Send this file, too, to see whether the server takes it. It is deleted there again where that can be asked for.
    #[arg(long, value_name = "FILE")]
    pub upload: Option<PathBuf>,
}

/// A connection of the person's.
#[derive(Debug, Args)]
pub struct Known {
    /// The connection, one of those that the window shows under Settings.
    #[arg(long, value_name = "NAME")]
    pub connection: String,
}

/// Whom to talk to: the Guide, unless something else is said.
#[derive(Debug, Args)]
pub struct Partner {
    /// Talk to this connection, one of those that the window shows under Settings.
    #[arg(long, value_name = "NAME", group = "server")]
    pub connection: Option<String>,
    /// Talk to the ChatKit server at this address, and keep nothing of it.
    #[arg(long, group = "server")]
    pub url: Option<String>,
    /// Send to --url without encryption, although it begins with http:// and is not on this computer.
    #[arg(long, requires = "url", conflicts_with = "connection")]
    pub allow_http: bool,
    /// The environment variable that holds the server's token.
    #[arg(long, value_name = "VAR", requires = "server")]
    pub token_env: Option<String>,
    /// Take the server's token from the first line of standard input; at a terminal, ask for it without showing it.
    #[arg(long, requires = "server", conflicts_with = "token_env")]
    pub token_stdin: bool,
}

impl Partner {
    /// Where requests may go without encryption.
    pub fn plain_http(&self) -> PlainHttp {
        if self.allow_http { PlainHttp::Allowed } else { PlainHttp::Loopback }
    }
}

/// Something about files of settings.
#[derive(Debug, Subcommand)]
pub enum Config {
    /// Print the JSON Schema of a file, by which editors help to write it.
    Schema {
        /// Of which file.
        #[arg(default_value = "settings")]
        kind: FileKind,
    },
    /// Say with line and column what is wrong in a file, and what would be right. Nothing is changed.
    Check(ConfigCheck),
    /// Print what is in force, and where each value comes from. No secret is in it.
    Show {
        /// Print each value as a JSON object on its own line.
        #[arg(long)]
        json: bool,
    },
}

/// A file to check.
#[derive(Debug, Args)]
#[command(after_help = CHECK_CODES)]
pub struct ConfigCheck {
    /// The file; “-” reads standard input.
    pub file: PathBuf,
    /// What it is to be; without it that is seen from its name and from what stands in it.
    #[arg(long)]
    pub kind: Option<FileKind>,
    /// Take hints for mistakes.
    #[arg(long)]
    pub strict: bool,
    /// Print each mistake as a JSON object on its own line, and how many there are as the last one.
    #[arg(long)]
    pub json: bool,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileKind {
    /// The person's settings, settings.json.
    Settings,
    /// The person's catalogue of models, models.json.
    Models,
    /// An administrator's policy, policy.json.
    Policy,
    /// A connection that was exported.
    Connection,
    /// A route that was exported.
    Route,
    /// A profile, as a server publishes it or a connection has it in its options.
    Profile,
}

/// Something about the key of a connection.
#[derive(Debug, Subcommand)]
pub enum Secret {
    /// Put a key into the keychain, for this connection and the address that it has.
    Set {
        /// Whose.
        #[command(flatten)]
        whose: Whose,
        /// The environment variable that holds it.
        #[arg(long, value_name = "VAR", required_unless_present = "token_stdin")]
        token_env: Option<String>,
        /// Take it from the first line of standard input; at a terminal, ask for it without showing it.
        #[arg(long, conflicts_with = "token_env")]
        token_stdin: bool,
    },
    /// Remove it from the keychain.
    Remove {
        /// Whose.
        #[command(flatten)]
        whose: Whose,
    },
    /// Say whether there is one, and how long it is. With exit code 1 there is none.
    Status {
        /// Whose.
        #[command(flatten)]
        whose: Whose,
    },
}

/// Which secret.
#[derive(Debug, Args)]
pub struct Whose {
    /// The connection.
    #[arg(long, value_name = "NAME")]
    pub connection: String,
    /// Another secret than the key: a field of the connection's form, such as proxy_password.
    #[arg(long, value_name = "KEY")]
    pub field: Option<String>,
}

/// The Guide as a server.
#[derive(Debug, Args)]
pub struct Serve {
    /// The port on 127.0.0.1; without it a free one is taken.
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// The environment variable that holds the token to ask for; without it a random one is made and printed.
    #[arg(long, value_name = "VAR")]
    pub token_env: Option<String>,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn refused(line: &str) -> ErrorKind {
        Cli::try_parse_from(line.split(' ')).unwrap_err().kind()
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(refused("k ask q --connection a --url http://b"), ErrorKind::ArgumentConflict);
        assert_eq!(refused("k chat --token-env A"), ErrorKind::MissingRequiredArgument);
        assert_eq!(refused("k chat --token-stdin"), ErrorKind::MissingRequiredArgument);
        assert_eq!(refused("k chat --connection a --allow-http"), ErrorKind::ArgumentConflict);
        assert_eq!(refused("k chat --url http://b --token-stdin --token-env A"), ErrorKind::ArgumentConflict);
        assert_eq!(refused("k serve --port 70000"), ErrorKind::ValueValidation);
        assert_eq!(refused("k chat --json"), ErrorKind::UnknownArgument);
        assert_eq!(refused("k doctor question"), ErrorKind::UnknownArgument);
        assert_eq!(refused("k ask q --patience soon"), ErrorKind::ValueValidation);
        assert_eq!(refused("k secret set --connection a"), ErrorKind::MissingRequiredArgument);
        assert_eq!(refused("k config check f --kind other"), ErrorKind::InvalidValue);
        assert_eq!(refused("k sign-in"), ErrorKind::MissingRequiredArgument);
    }

    #[test]
    fn the_folder_may_stand_anywhere() {
        for line in ["k --data-dir d ask q", "k ask q --data-dir d", "k ask --data-dir d q"] {
            assert_eq!(Cli::try_parse_from(line.split(' ')).unwrap().data_dir, Some("d".into()), "{line}");
        }
    }
}
