//! What is wrong with the YAML itself, in the words of somebody who writes a snapshot and not a parser.

use std::borrow::Cow;

use super::DEEPEST;
use crate::domain::text::harmless;

pub(super) const NO_ANCHORS: &str = "anchors and aliases (& and *) are not supported: write the value out, or put a text that begins so in quotes";
pub(super) const NO_TAGS: &str = "tags (!) are not supported: write the plain value, or put a text that begins so in quotes";

pub(super) fn too_deep() -> String {
    format!("values are nested deeper than {DEEPEST} levels")
}

/// What the parser said, for somebody who writes a snapshot and not a parser.
pub(super) fn in_plain_words(said: &str) -> Cow<'static, str> {
    Cow::Borrowed(match said {
        "recursion limit exceeded" => return Cow::Owned(too_deep()),
        _ if said.contains("anchor") => NO_ANCHORS,
        _ if said.contains(" tag") || said.contains("TAG") || said == "the handle wasn't declared" => NO_TAGS,
        _ if said.contains("directive") => "a line that begins with % is a directive, which is not supported: remove it, or put the text in quotes",
        _ if said.starts_with("unexpected character") => "a value cannot begin with %, @ or `: put it in quotes",
        _ if said.contains("byte order mark") => "there is a byte order mark (U+FEFF) in the middle of the text: remove it",
        "while scanning a plain scalar, found a tab" => "a tab begins the line below this text: indent with spaces",
        _ if said.contains("tab") => "there is a tab where YAML takes only spaces: indent with spaces",
        "simple key expected" | "simple key expect ':'" => {
            "here, or in the line above, is a text where a `key: value` was expected: is the `: ` missing, or the indentation wrong?"
        }
        "mapping values are not allowed in this context" | "illegal placement of ':' indicator" => {
            "a `: ` cannot stand here: put a text that contains one in quotes, and each key on a line of its own"
        }
        "mapping keys are not allowed in this context" => "a `? ` cannot stand here: put a text that begins so in quotes",
        "':' must be followed by a valid YAML whitespace" | "':' may not precede any of `[{` in flow mapping" => "a space is missing behind this `:`",
        "block sequence entries are not allowed in this context"
        | "\"-\" is only valid inside a block"
        | "plain scalar cannot start with '-' followed by ,[]{}"
        | "'-' must be followed by a valid YAML whitespace" => {
            "a list item (`- `) cannot stand here: begin it on a line of its own, or put a text that begins so in quotes"
        }
        "invalid indentation" | "while parsing a block mapping, did not find expected key" => {
            "the indentation is wrong, here or above: all keys of a map begin in the same column"
        }
        "while parsing a block collection, did not find expected '-' indicator" => {
            "the indentation is wrong, here or above: all items of a list begin with `- ` in the same column"
        }
        "while parsing a flow mapping, did not find expected ',' or '}'" => "a `,` or a closing `}` is missing, here or above",
        "while parsing a flow sequence, expected ',' or ']'" => "a `,` or a closing `]` is missing, here or above",
        "misplaced bracket" => "this bracket closes nothing: remove it, or put a text that contains it in quotes",
        "invalid indentation in flow construct" => "what stands inside brackets has to be indented further than the key in front of them",
        "while parsing a node, did not find expected node content" | "unexpected end of plain scalar" => {
            "a value was expected here: is there a `,` too many, or a bracket that is not closed?"
        }
        "while scanning a quoted scalar, found unexpected end of stream" | "while scanning a quoted scalar, found unexpected document indicator" => {
            "the quotes that open here are never closed"
        }
        "invalid indentation in quoted scalar" => {
            "the quotes that open here are not closed in this line, and what follows is not indented further than their key: are closing quotes missing?"
        }
        "invalid trailing content after double-quoted scalar" => {
            "there is something behind the closing quotes: write \\\" for a quote inside double quotes, and '' for one inside single quotes"
        }
        "while parsing a quoted scalar, found unknown escape character"
        | "while parsing a quoted scalar, did not find expected hexadecimal number"
        | "while parsing a quoted scalar, found invalid Unicode character escape code" => {
            "a \\ inside double quotes begins an escape such as \\n or \\u00e9: write \\\\ for a backslash, or use single quotes"
        }
        "comments must be separated from other tokens by whitespace" => "a blank is missing in front of this #, or the text in front of it needs quotes",
        "comment intercepting the multiline text" => "a text that goes on in the next line cannot have a comment in between: put it in quotes",
        "invalid content after document end marker"
        | "did not find expected <document start>"
        | "did not find expected <document-start>"
        | "did not find expected next token" => "this stands behind the end of the map: is the indentation wrong, here or above?",
        _ if said.contains("block scalar") => {
            "the text behind a | or > begins on the next line, indented further than its key with the same number of spaces in all lines"
        }
        _ => return Cow::Owned(format!("this is not YAML: {}", harmless(said))),
    })
}
