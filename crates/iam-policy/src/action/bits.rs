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

    /// The largest of the numbers up to this one.
    pub(crate) fn last_up_to(&self, number: usize) -> Option<usize> {
        let (word, bit) = (number / WIDTH, number % WIDTH);
        let here = self.words.get(word).map(|own| (word, own & (u64::MAX >> (WIDTH - 1 - bit))));
        let before = self.words.get(..word).unwrap_or(&self.words).iter().copied().enumerate().rev();
        let (word, bits) = here.into_iter().chain(before).find(|(_, bits)| *bits != 0)?;
        Some(word * WIDTH + bits.ilog2() as usize)
    }

    /// The smallest of the numbers from this one on.
    pub(crate) fn first_from(&self, number: usize) -> Option<usize> {
        let (word, bit) = (number / WIDTH, number % WIDTH);
        let here = self.words.get(word).map(|own| own & (u64::MAX << bit));
        let behind = self.words.get(word + 1..).unwrap_or_default().iter().copied();
        let (word, bits) = (word..).zip(here.into_iter().chain(behind)).find(|(_, bits)| *bits != 0)?;
        Some(word * WIDTH + bits.trailing_zeros() as usize)
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
    fn the_nearest_numbers_are_found_on_either_side() {
        let numbers = [3, 63, 64, 129];
        let bits = bits(&numbers);
        for number in 0..300 {
            let before = numbers.into_iter().rev().find(|other| *other <= number);
            assert_eq!(bits.last_up_to(number), before, "{number}");
            let behind = numbers.into_iter().find(|other| *other >= number);
            assert_eq!(bits.first_from(number), behind, "{number}");
        }
        assert_eq!((Bits::empty(130).last_up_to(129), Bits::empty(130).first_from(0)), (None, None));
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
