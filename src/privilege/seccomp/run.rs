//! Descriptors in a row: a filter is short, and a row takes no more room in it than one.

use std::ops::RangeInclusive;

use seccompiler::{
    BackendError, SeccompCmpArgLen as Width, SeccompCmpOp as Is, SeccompCondition as Condition,
};

use crate::privilege::Descriptor;

/// Descriptors from a first to a last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run(RangeInclusive<u32>);

impl Run {
    /// Holds where a call's first argument is one of them.
    pub(super) fn conditions(&self) -> Result<Vec<Condition>, BackendError> {
        let condition = |is, end: u32| Condition::new(0, Width::Dword, is, u64::from(end));
        if self.0.start() == self.0.end() {
            return Ok(vec![condition(Is::Eq, *self.0.start())?]);
        }
        Ok(vec![condition(Is::Ge, *self.0.start())?, condition(Is::Le, *self.0.end())?])
    }
}

/// The runs that these descriptors make, which may be in any order.
pub(super) fn runs(descriptors: &[Descriptor]) -> Vec<Run> {
    let mut sorted: Vec<u32> =
        descriptors.iter().filter_map(|number| u32::try_from(*number).ok()).collect();
    sorted.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for number in sorted {
        match runs.last_mut() {
            Some(Run(run)) if number <= run.end().saturating_add(1) => {
                *run = *run.start()..=number;
            }
            _ => runs.push(Run(number..=number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_make_one_run_and_nobody_else_is_in_it() {
        let made = |descriptors: &[Descriptor]| -> Vec<RangeInclusive<u32>> {
            runs(descriptors).into_iter().map(|Run(run)| run).collect()
        };
        assert_eq!(made(&[]), []);
        assert_eq!(made(&[9, 5, 7, 6, 6]), [5..=7, 9..=9]);
        assert_eq!(made(&[-1, 3]), [3..=3]);
        assert_eq!(made(&(5..500).collect::<Vec<_>>()), [5..=499]);
    }
}
