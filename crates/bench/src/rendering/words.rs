//! Words as answers have them, from a seed: the same in each run.

/// Random numbers (SplitMix64): few lines, and the same for ever.
pub struct Words {
    state: u64,
}

/// Words of explanations, frequent ones more than once.
const WORDS: &str = "the the the the of of of to to to a a a and and and in in is is that that for with as it on be are \
    this by from or at not can which when each one if has all its but more than they will other same first then also \
    only into so no where how most some such after before between while because without under over there these those \
    value values table order request server client answer question message stream buffer memory page window thread \
    process result error example reason change version system file folder network address library function method \
    argument type number string list index record field name user account session token header body status response \
    connection timeout attempt limit rate size length part block line word text image colour position layout measure \
    evening harbour winter summer mountain river village railway kitchen garden window letter journey weather music \
    usually often rarely always slowly quickly carefully directly roughly exactly nearly simply together separately \
    keeps holds sends reads writes begins ends follows depends means returns waits changes grows shows takes makes \
    gives finds calls moves starts stops remains belongs allows expects describes measures compares contains becomes \
    small large early late simple common local remote careful possible different similar important single whole \
    implementation configuration representation authentication synchronisation characteristics";

impl Words {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound.max(1) as u64).unwrap_or_default()
    }

    /// Whether something happens that happens once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    pub fn word(&mut self) -> &'static str {
        let all: Vec<&str> = WORDS.split_whitespace().collect();
        all[self.below(all.len())]
    }

    /// Some words in a row.
    pub fn phrase(&mut self, least: usize, more: usize) -> String {
        let count = least + self.below(more + 1);
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// A name as code has it: `request_value`.
    pub fn name(&mut self) -> String {
        let words: Vec<&str> = std::iter::repeat_with(|| self.word()).filter(|word| word.len() > 3).take(2).collect();
        words.join("_")
    }

    /// A sentence; about every second one has something marked in it.
    pub fn sentence(&mut self) -> String {
        let mut pieces = vec![capital(&self.phrase(4, 9))];
        if self.once_in(2) {
            pieces.push(match self.below(10) {
                0..=3 => format!("**{}**", self.phrase(1, 2)),
                4 | 5 => format!("*{}*", self.phrase(1, 1)),
                6..=8 => format!("`{}`", self.name()),
                _ => format!("[{}](https://{}.example/{})", self.phrase(2, 2), self.word(), self.name()),
            });
        }
        let rest = self.phrase(2, 6);
        pieces.push(if self.once_in(3) { format!("{}, {rest}", self.word()) } else { rest });
        format!("{}{}", pieces.join(" "), self.pick(&[".", ".", ".", ".", ":", "?"]))
    }

    pub fn sentences(&mut self, least: usize, more: usize) -> String {
        let count = least + self.below(more + 1);
        (0..count).map(|_| self.sentence()).collect::<Vec<_>>().join(" ")
    }
}

/// With a capital letter at its beginning.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
