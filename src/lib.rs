//! `envdeck`: a console for Power Platform admins that says, before anything is overwritten, whether it will work.
//!
//! # The screen, and the file behind each part
//!
//! ```text
//!  view/header.rs       envdeck  Contoso ▾  17 environments  420.25/500 GB    ⚠ 7 need attention  2026-01-05 07:00Z  facts 2 h old
//! ╭ Environments ───────────────── by type ─╮╭ Contoso Sales ──────────────────────────────────────────────── PROD ─╮
//! │ view/environments.rs                    ││ type         Production                     view/details.rs           │
//! │ app/environments.rs   which rows        ││ region       emea                           app/details.rs            │
//! │ domain/filter.rs      type:sandbox      │╰───────────────────────────────────────────────────────────────────────╯
//! │▸Contoso Sales        PROD emea   DM     │╭ Backups ──────────────────────────────────────── 7 manual backups ─╮
//! │ Contoso Sales UAT    SBX  emea   DM     ││ ┣━━┯━━◆━┯━━━━┯━━◆━┯━━━━┯━━━━┯━◆━━┯━━┫   view/timeline.rs            │
//! │                                         ││ app/timeline/ (scale, typed times, reasons)                           │
//! │                                         ││ domain/backup.rs (window, readiness), domain/retention.rs (D3)        │
//! ╰─────────────────────────────────────────╯╰───────────────────────────────────────────────────────────────────────╯
//!  view/footer.rs       c copy  / filter  s sort      <- the hints of app/keymap.rs: BINDINGS
//! ```
//!
//! `c`, `r`, `b`, `t` and so on open the wizard of an operation (`app/wizard.rs`, `app/pages.rs`, `view/wizard.rs`): level or
//! point in time (`app/choices.rs`), target (`app/targets.rs`), details, review (`app/review.rs`), then a rehearsal, a
//! runbook or a record. What is to be done is a `domain/request/`, whose `judge.rs` judges it with `domain/copy.rs`, `restore.rs`,
//! `safekeeping.rs`, `lifecycle.rs` and the tables of `assets/rulebook/`; `domain/plan.rs` lets only what may be done
//! through; `domain/after.rs` says what is so afterwards, folded into the facts by `domain/estate.rs`. `o` opens the
//! checklist that follows, `p`, `P` and `M` a plan, which is a checklist with operations as steps (`app/checklist.rs`,
//! `domain/checklist/`, `assets/checklists/`). `x` takes the runbook of an operation or plan (`app/runbook.rs`): the judged order
//! of `domain/order/`, written by `runbook/`. `Enter` on a line of the details answers
//! that fact (`app/answer.rs`, `domain/fact/`, folded by `domain/typed.rs`). `A` lists what asks for attention in the whole estate
//! (`app/attention.rs`, `domain/attention.rs`; `app/header.rs` counts it in the first row). A linked pair is one entry of the list
//! with two rows (`app/environments.rs`, `app/list.rs`; what its link means is in `domain/linked.rs`). `?`, `:` and `n` open what
//! stands over the panes (`view/over.rs`), `e` explains the rules behind what is shown (`app/explain.rs`,
//! `view/explain.rs`, `assets/rules/`). Symptoms, questions, procedures and terms are data (`assets/answers/`), searched together
//! with rules and links (`domain/library.rs`, `domain/search.rs`) from all three; what an answer leads to is in `app/lead.rs`.
//!
//! `m` moves environments to another tenant (`app/moving.rs`, `destinations.rs`, `questions.rs`, `view/moving.rs`), or begins the
//! plan of it; `domain/migration.rs` says what stands in the way, `assets/rulebook/` who does what. Who becomes whom stands in a
//! mapping file: `files/mapping.rs` reads and writes it, `domain/mapping/` checks it and proposes a first one,
//! `cli/lint_mapping.rs` and `cli/generate_mapping.rs` ask both. Its steps are the plan `assets/checklists/migration.yaml` and what
//! opens after it; their periods stand in the attention list. The request for it is written by `cli/migration_request.rs`.
//!
//! # Data flow
//!
//! ```text
//! terminal event ─┐                                            ┌─> Vec<Effect> ─> effects ─┐
//! signal ─────────┼─> keymap::resolve(&Model) ─> Action ─> update(&mut Model, Action, at)   │
//! deadline ───────┘        │ disabled: its reason               └─> view::draw(&Model)      │
//!         ▲                                                                                 │
//!         └─────────────────────── Action (the result of an effect) <───────────────────────┘
//! ```
//!
//! # Layers
//!
//! | Layer | What it is for | May not name |
//! |---|---|---|
//! | [`domain`] | what is true about environments, whoever looks | any other layer, files, clock, terminal |
//! | [`files`] | snapshot, journal and asset files to domain and back | app, view |
//! | [`import`] | exports of other tools to facts | app, view |
//! | [`runbook`] | what is to be done to scripts and change records | app, view, files |
//! | [`app`] | the machine: actions, model, update, keys | files, clock, terminal, view |
//! | [`view`] | model to cells | files, terminal, `update` |
//! | [`effects`] | does what `update` asks for | view |
//! | [`runtime`], [`terminal`], [`console`] | the loop, the terminal, and both put together | rules of the domain |
//! | [`cli`] | the subcommands | app, view |
//!
//! Held by `.clippy.toml` (clock, files, threads) and `tests/architecture.rs` (who names whom).
//!
//! # Invariants
//!
//! - Nothing ticks: the loop sleeps until something happens or [`app::model::Model::next_deadline`].
//! - `update` alone writes the model; `view` and `disabled` read and never judge; only visible rows are built.
//! - Only the loop reads a clock; everything else is handed the instant.
//! - What nobody looked up is [`domain::known::Known::Unknown`], which has no `unwrap_or`.
//! - Text from outside becomes harmless where it enters ([`files::text`]), so no other layer thinks of escape sequences.
//! - The terminal is taken once and given back once ([`terminal`]).
//! - The journal is only ever added to, so it merges and replays ([`domain::journal`]).
//! - Nothing blocked has a runbook: a [`domain::order::Order`] is made by judging, and nothing else is written down.
//! - In a script every text from outside is a literal ([`runbook::quote`]); none is ever code.
//! - What was captured and what was typed never silently overwrite each other ([`domain::typed`]).
//!
//! # Decisions
//!
//! - Snapshots are read from `saphyr-parser`'s events, instead of by serde: all errors at once with their places, memory
//!   of one environment at a time, no aliases to expand. Tables in `assets/` are read by `serde_yaml` (the maintained
//!   fork `yaml_serde`), because they are small and ours.
//! - Rules write into [`domain::verdict::Findings`], which keeps words only when somebody reads them: a list of 10,000
//!   targets is judged in outline in milliseconds, the one under the cursor in words.
//! - Rules that look a value up decide over all values that an unknown fact could have, so an unknown that cannot change
//!   the outcome does not make it unknown.
//! - Keys are read by a thread of their own, because crossterm blocks inside half a sequence and spins when the terminal
//!   has vanished; the hang-up is watched beside it.
//!
//! # Where to add
//!
//! | a ... | goes into |
//! |---|---|
//! | key | a row of `BINDINGS` in `app/keymap.rs`, a variant in `app/action.rs`, an arm in `app/update/` |
//! | rule, its severity or figure | `assets/rulebook/*.yaml`; its predicate into `domain/` |
//! | explanation of a rule | its entry in `assets/rules/`; `tests/rules.rs` demands one for every rule that is named |
//! | answer, term, message | an entry in `assets/answers/`, with a new permanent id; no Rust. What it can lead to is `domain/answers.rs` |
//! | reason code | `Code` in `domain/verdict.rs`; the loader then demands its row in the rulebook |
//! | field of the snapshot | `domain/environment.rs`, one line in `files/snapshot.rs`, one in `files/snapshot/write.rs`, one in `domain/fact/`, its group in `domain/seen.rs`, its description in `assets/schema/` |
//! | export of another tool | its `Kind` and the keys that tell it in `import/kind.rs`, what each key means in `import/environments.rs` or `lists.rs`; a request for it in both scripts of `assets/collect/` |
//! | operation | a variant of `OperationKind` and of `Change` and its row in `domain/request/kinds.rs`; what is asked, written down and read in `domain/request/mod.rs`, its rules in `judge.rs`, its words in `told.rs`, what follows in `domain/after.rs`; its route and draft in `app/pages.rs` and `app/wizard.rs`; its step in `runbook/steps.rs` and its command in each dialect; its options in `cli/request.rs`; its rows in both rulebooks |
//! | choice of an operation | a field of its variant of `Change`, and of `Choices`; `inputs` and `of` in `domain/request/mod.rs`; where it is drafted: `app/wizard.rs`, `cli/request.rs`, `domain/order/make.rs`; its line in `domain/request/account.rs` |
//! | dialect of runbooks | `Dialect` in `domain/order/`, one file in `runbook/`; what is done in which order is in `runbook/steps.rs` |
//! | item of a checklist | `assets/checklists/*.yaml`, with a new permanent id and its rules; no Rust. A step of a plan says which operation does it |
//! | colour or symbol | `view/theme.rs`, nowhere else |
//! | kind of attention | `Kind` and a function of `domain/attention.rs`, and the instant at which time changes it |
//! | pane | one file in `app/`, one of the same name in `view/`, an area in `app/layout.rs` |
//! | subcommand | one file in `cli/` |
//!
//! # Not here on purpose
//!
//! No `Component` trait, event bus, shared mutable model, render thread, tick, plug-ins, configurable keys, stored
//! credentials, and no call to any service: envdeck judges what was captured and says what to do.

#[deny(clippy::wildcard_enum_match_arm, reason = "a match on our own enums names every case, so that a new one is not forgotten")]
pub mod app;
pub mod cli;
pub mod console;
pub mod domain;
pub mod effects;
pub mod files;
pub mod import;
pub mod runbook;
pub mod runtime;
pub mod terminal;
pub mod view;
