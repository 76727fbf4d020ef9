//! A set of small numbers.
//!
//! Owns the arithmetic of bits. Never knows what the numbers stand for.

const WIDTH: usize = 64;

/// Numbers below a limit that is set when the set is made; a larger one is never in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bits {
    words: Box<[u64]>,
}

impl Bits {
    pub(crate) fn empty(limit: usize) -> Self {
        Self { words: vec![0; limit.div_ceil(WIDTH)].into() }
    }

    pub(crate) fn full(limit: usize) -> Self {
        let mut bits = Self::empty(limit);
        (0..limit).for_each(|number| bits.insert(number));
        bits
    }

    pub(crate) fn insert(&mut self, number: usize) {
        if let Some(word) = self.words.get_mut(number / WIDTH) {
            *word |= 1 << (number % WIDTH);
        }
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        self.words.get(number / WIDTH).is_some_and(|word| word >> (number % WIDTH) & 1 == 1)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn union(&mut self, other: &Self) {
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word |= others;
        }
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, others) in self.words.iter_mut().zip(&other.words) {
            *word &= !others;
        }
    }

    pub(crate) fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(word, others)| word & !others == 0)
    }

    /// The numbers in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let lowest = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (lowest < WIDTH).then_some(index * WIDTH + lowest)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    fn bits(numbers: &[usize]) -> Bits {
        let mut bits = Bits::empty(130);
        numbers.iter().for_each(|number| bits.insert(*number));
        bits
    }

    #[test]
    fn what_goes_in_comes_out_in_order() {
        assert_eq!(bits(&[129, 0, 63, 64, 0]).iter().collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(Bits::full(130).iter().collect::<Vec<_>>(), (0..130).collect::<Vec<_>>());
        assert_eq!(Bits::full(130).len(), 130);
    }

    #[test]
    fn a_number_beyond_the_limit_is_never_in() {
        let mut bits = bits(&[1]);
        bits.insert(1_000);
        assert!(!bits.contains(1_000) && bits.contains(1));
    }

    #[test]
    fn differences_and_subsets_are_those_of_sets() {
        let mut rest = bits(&[1, 64, 100]);
        rest.subtract(&bits(&[64]));
        assert_eq!(rest, bits(&[1, 100]));
        assert!(rest.is_subset(&bits(&[1, 2, 100])) && !rest.is_subset(&bits(&[1])));
        rest.subtract(&bits(&[1, 100]));
        assert!(rest.is_empty());
    }
}
