//! Random numbers that a seed repeats: for ids, and for faults that strike now and then.

/// A `SplitMix64` generator ([Steele, Lea and Flood, 2014](https://doi.org/10.1145/2714064.2660195)). Nothing secret
/// may come from it.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The generator whose numbers follow from `seed` alone.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Any number, each as likely as the others.
    pub(crate) const fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 32 hex digits, as in the service's ids.
    pub(crate) fn hex32(&mut self) -> String {
        format!("{:016x}{:016x}", self.next_u64(), self.next_u64())
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: u8) -> bool {
        self.between(0, 99) < u64::from(percent)
    }

    /// A number from `min` to `max`, both included; `min` where `max` is below it.
    pub(crate) fn between(&mut self, min: u64, max: u64) -> u64 {
        let choices = u128::from(max.saturating_sub(min)) + 1;
        let chosen = (u128::from(self.next_u64()) * choices) >> 64;
        min + u64::try_from(chosen).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn gives_the_published_numbers() {
        let mut random = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        assert_eq!(numbers, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn hex_is_32_digits_and_differs_each_time() {
        let mut random = Random::new(0);
        let (one, other) = (random.hex32(), random.hex32());
        assert_eq!(one.len(), 32);
        assert!(one.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f')), "{one}");
        assert_ne!(one, other);
    }

    #[test]
    fn stays_between_its_bounds_and_reaches_them() {
        let mut random = Random::new(7);
        let numbers: Vec<u64> = (0..200).map(|_| random.between(3, 5)).collect();
        for bound in 3..=5 {
            assert!(numbers.contains(&bound), "{bound}");
        }
        assert!(numbers.iter().all(|number| (3..=5).contains(number)));
        assert_eq!(random.between(9, 9), 9);
        assert_eq!(random.between(9, 2), 9);
        let _any = random.between(0, u64::MAX);
    }

    #[test]
    fn a_chance_is_near_its_share() {
        let mut random = Random::new(42);
        let mut struck = |percent| (0..10_000).filter(|_| random.chance(percent)).count();
        assert_eq!(struck(0), 0);
        assert_eq!(struck(100), 10_000);
        assert!((800..1_200).contains(&struck(10)));
    }
}
