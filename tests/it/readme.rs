//! The screens of the README are held here to what the program prints: every line of one stands in the output, in
//! order; a line … stands for lines that are left out.

use std::fs;
use std::process::Command;

/// A fenced block: the word beside its fence, and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => found.push(block),
            (Some(language), None) => open = Some(Block { language: language.to_owned(), lines: Vec::new() }),
            (None, Some(mut block)) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    found
}

/// What the program prints for a command of the README, run where its files lie.
fn printed(command: &str, folder: &std::path::Path) -> String {
    let words = command.split_whitespace().skip_while(|w| *w != "--").skip(1);
    let ran = Command::new(env!("CARGO_BIN_EXE_backproof")).args(words).current_dir(folder).output().unwrap();
    assert!(ran.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn the_screens_of_the_readme_are_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("README.md")).unwrap();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    fs::create_dir_all(&folder).unwrap();
    let (mut command, mut held) = (None, 0);
    for block in blocks(&text) {
        match block.language.as_str() {
            "toml" => fs::write(folder.join("homework.toml"), block.lines.join("\n")).unwrap(),
            "sh" => {
                let run = block.lines.iter().find(|l| l.starts_with("cargo run --release"));
                // A form that a person filled in is not in the README; marked forms have their own tests.
                command = run.filter(|l| !l.contains("mine.toml") && !l.contains('>')).cloned();
            }
            _ => {
                let Some(command) = command.take() else { continue };
                let output = printed(&command, &folder);
                let mut rest = output.lines();
                for line in block.lines.iter().filter(|l| !l.trim().is_empty() && l.trim() != "…") {
                    assert!(
                        rest.any(|l| l == line),
                        "{command} does not print, in its place:\n{line}\n\n{output}"
                    );
                }
                held += 1;
            }
        }
    }
    assert!(held >= 5, "only {held} screens were found");
}
