//! `envdeck`: a console for Power Platform admins that says, before anything is overwritten, whether it will work.
//!
//! # The screen, and the file behind each part
//!
//! ```text
//!  view/header.rs       envdeck  Contoso ▾  17 environments  capacity ▰▰▰▰▰▰▰▱ 420.25/500 GB     2026-01-05 07:00Z  facts 2 h old
//! ╭ Environments ───────────────── by type ─╮╭ Contoso Sales ──────────────────────────────────────────────── PROD ─╮
//! │ view/environments.rs                    ││ type         Production                     view/details.rs           │
//! │ app/environments.rs   which rows        ││ region       emea                           app/details.rs            │
//! │ domain/filter.rs      type:sandbox      │╰───────────────────────────────────────────────────────────────────────╯
//! │▸Contoso Sales        PROD emea   DM     │╭ Backups ──────────────────────────────────────── 7 manual backups ─╮
//! │ Contoso Sales UAT    SBX  emea   DM     ││ 08 Dec ◆─┬──┬──┬─◆─┬──┬──┬──◆──┬──┬──┬──◆┤ now   view/timeline.rs    │
//! │                                         ││ domain/backup.rs (window, readiness), domain/retention.rs (D3)        │
//! ╰─────────────────────────────────────────╯╰───────────────────────────────────────────────────────────────────────╯
//!  view/footer.rs       c copy  / filter  s sort      <- the hints of app/keymap.rs: BINDINGS
//! ```
//!
//! `c` opens the copy wizard (`app/copy.rs`, `view/copy.rs`): level, target (`app/targets.rs`, judged by
//! `domain/copy.rs` with the tables of `assets/rulebook/`), details, review, then a rehearsal or a record
//! (`domain/copying.rs`, folded into the facts by `domain/estate.rs`). `o` opens the checklist that follows
//! (`app/checklist.rs`, `domain/checklist/`, `assets/checklists/`). `?`, `:` and `n` open what stands over the panes
//! (`view/over.rs`).
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
//! | reason code | `Code` in `domain/verdict.rs`; the loader then demands its row in the rulebook |
//! | field of the snapshot | `domain/environment.rs`, one line in `files/snapshot.rs`, its description in `assets/schema/` |
//! | item of a checklist | `assets/checklists/*.yaml`, with a new permanent id and its rules; no Rust |
//! | colour or symbol | `view/theme.rs`, nowhere else |
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
pub mod runtime;
pub mod terminal;
pub mod view;
