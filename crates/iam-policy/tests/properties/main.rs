//! Properties that hold for every policy, over generated ones: a file for what they are about.

mod diff;
mod document;
mod evaluate;
mod possible;
mod shorter;
mod syntax;
