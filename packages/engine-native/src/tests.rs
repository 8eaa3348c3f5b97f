//! Whole steps, over shapes that fill no vector, with every instruction set of this processor. What a thread or a layer keeps is an
//! allocation of exactly its size, so that a sanitizer sees every number that is read or written beside it (docs/engine.md).
use crate::engine::{Batch, Dropout, Engine, NO_TARGET, Optimizer, Outcome, Refusal, Step};
use crate::kernels::{Kernels, Rule, present};
use crate::layout::Shape;
use crate::memory::Memory;
use crate::runner::{Failure, Runner};
use crate::stream::Stream;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};

/// Weyl's sequence, mixed.
struct Random(u32);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9);
        let hash = (self.0 ^ (self.0 >> 16)).wrapping_mul(0x85eb_ca6b);
        (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35) as usize % end
    }
    fn from(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }
    fn shape(&mut self) -> Shape {
        let most = if cfg!(miri) { [1, 5, 9] } else { [3, 40, 45] };
        let rule = self.below(3);
        Shape {
            vocabulary: self.from(2, most[1]),
            units: (0..self.from(1, most[0])).map(|_| self.from(1, most[1])).collect(),
            sequence: self.below(2) == 0,
            rows: self.from(1, most[2]),
            length: self.from(1, if cfg!(miri) { 3 } else { 9 }),
            training: true,
            dropout: self.below(2) == 0,
            slots: rule,
            threads: self.from(1, 4),
        }
    }
    fn batch(&mut self, shape: &Shape, rows: usize, length: usize) -> Batch {
        let mut ids = |count: usize| (0..count).map(|_| self.below(shape.vocabulary) as u32).collect::<Vec<_>>();
        let (inputs, mut targets) = (ids(rows * length), ids(if shape.sequence { rows * length } else { rows }));
        // Rows that are shorter than the batch, in some of them.
        if shape.sequence && self.below(2) == 0 {
            for row in targets.chunks_mut(length) {
                let counted = self.from(1, length);
                row[counted..].fill(NO_TARGET);
            }
        }
        Batch { inputs, targets, rows, length }
    }
}

fn engine(shape: &Shape, kernels: &'static Kernels) -> Engine {
    let engine = Engine::new(shape.clone(), kernels, usize::MAX, Arc::default()).unwrap();
    let (weights, mut random) = (engine.numbers(None).unwrap(), Random(1));
    for tensor in &engine.layout.tensors {
        tensor.each(|place| weights.set(place, random.below(1001) as f32 / 1000.0 - 0.5));
    }
    engine.refresh();
    engine
}

/// Without clipping: the norm is summed in the order of memory, which differs with the width of vectors.
fn training(shape: &Shape, batch: Batch) -> Step {
    let rule = [Rule::Sgd, Rule::RmsProp, Rule::Adam][shape.slots];
    let dropout = Dropout { threshold: 1 << 29, scale: 4.0 / 3.0, keys: shape.units.iter().map(|units| *units as u32).collect() };
    let optimizer = Optimizer { rule, momentum: 0.9, square: 0.99, epsilon: 1e-7, rate: 1e-2, decay: 0.0, clip: 0.0 };
    Step { batch, dropout: shape.dropout.then_some(dropout), optimizer: Some(optimizer) }
}

/// Outcomes of some steps, and what they leave.
fn take(shape: &Shape, kernels: &'static Kernels, seed: u32) -> (Vec<Outcome>, Vec<f32>) {
    let (mut engine, mut random) = (engine(shape, kernels), Random(seed));
    let smaller = (shape.rows.div_ceil(2), shape.length.div_ceil(2));
    let mut outcomes = vec![];
    for (rows, length) in [(shape.rows, shape.length), smaller, (1, 1), (shape.rows, shape.length)] {
        let step = training(shape, random.batch(shape, rows, length));
        outcomes.push(engine.run(&step).unwrap());
        let step = Step { batch: random.batch(shape, rows, length), dropout: None, optimizer: None };
        outcomes.push(engine.run(&step).unwrap());
    }
    let mut numbers = vec![];
    for part in [engine.numbers(None), engine.numbers(Some(0)), engine.numbers(Some(1))].into_iter().flatten() {
        // Panels differ with the width of vectors; Keras's order does not.
        engine.layout.tensors.iter().for_each(|tensor| tensor.each(|place| numbers.push(part.get(place))));
    }
    for part in engine.storage.states.iter().flatten() {
        numbers.extend((0..part.all().count()).map(|at| part.all().get(at)));
    }
    (outcomes, numbers)
}

#[test]
fn every_shape_stays_within_its_memory_and_gives_the_same_bits_with_every_instruction_set() {
    let mut random = Random(7);
    for seed in 0..if cfg!(miri) { 3 } else { 150 } {
        let shape = random.shape();
        let mut first = None;
        for kernels in present() {
            let (outcomes, numbers) = take(&shape, kernels, seed);
            assert!(numbers.iter().all(|number| number.is_finite()), "{shape:?}");
            let bits: Vec<u32> = numbers.iter().map(|number| number.to_bits()).collect();
            let losses: Vec<u64> = outcomes.iter().map(|outcome| outcome.loss.to_bits()).collect();
            let norms: Vec<f64> = outcomes.iter().map(|outcome| outcome.norm).collect();
            let (first_bits, first_losses, first_norms) = first.get_or_insert((bits.clone(), losses.clone(), norms.clone()));
            assert!(*first_bits == bits && *first_losses == losses, "{} of {shape:?}", kernels.name);
            for (norm, other) in norms.iter().zip(first_norms) {
                assert!((norm - *other).abs() <= 1e-6 * norm, "{} of {shape:?}", kernels.name);
            }
        }
    }
}

#[test]
fn an_engine_that_only_scores_keeps_less_and_stays_within_it() {
    let mut random = Random(3);
    for _ in 0..if cfg!(miri) { 1 } else { 30 } {
        let shape = Shape { training: false, dropout: false, slots: 0, ..random.shape() };
        for kernels in present() {
            let mut engine = engine(&shape, kernels);
            let step = Step { batch: random.batch(&shape, shape.rows, shape.length), dropout: None, optimizer: None };
            assert!(engine.run(&step).unwrap().loss.is_finite());
        }
    }
}

/// Logits of some characters of texts that move on together.
fn read_on(engine: &Engine, texts: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let (mut stream, vocabulary) = (Stream::new(engine, texts.len()).unwrap(), engine.shape.vocabulary);
    let mut read = vec![vec![]; texts.len()];
    for time in 0..texts[0].len() {
        let (ids, mut logits) = (texts.iter().map(|text| text[time]).collect::<Vec<_>>(), vec![0.0; texts.len() * vocabulary]);
        stream.step(engine, &ids, &mut logits);
        for (text, row) in read.iter_mut().zip(logits.chunks(vocabulary)) {
            text.extend(row.iter().map(|logit| logit.to_bits()));
        }
    }
    read
}

#[test]
fn a_text_read_alone_gives_the_bits_of_the_same_among_others_with_every_instruction_set() {
    let mut random = Random(11);
    for _ in 0..if cfg!(miri) { 2 } else { 60 } {
        let shape = Shape { training: false, dropout: false, slots: 0, ..random.shape() };
        let texts: Vec<Vec<u32>> = (0..shape.rows).map(|_| (0..3).map(|_| random.below(shape.vocabulary) as u32).collect()).collect();
        let mut first = None;
        for kernels in present() {
            let engine = engine(&shape, kernels);
            let together = read_on(&engine, &texts);
            for (text, expected) in texts.iter().zip(&together) {
                assert_eq!(read_on(&engine, std::slice::from_ref(text)), [expected.clone()], "{} of {shape:?}", kernels.name);
            }
            assert_eq!(first.get_or_insert(together.clone()), &together, "{} of {shape:?}", kernels.name);
        }
    }
}

#[test]
#[cfg_attr(miri, ignore)]
fn a_stream_beyond_the_limit_and_one_of_another_engine_are_refused() {
    let kernels = present()[0];
    let needed = Engine::new(small(), kernels, usize::MAX, Arc::default()).unwrap().bytes;
    let tight = Engine::new(small(), kernels, needed + 100, Arc::default()).unwrap();
    assert!(Stream::new(&tight, 9).is_err_and(|bytes| bytes > needed + 100));
    let other = engine(&small(), kernels);
    let stream = Stream::new(&other, 1).unwrap();
    assert!(stream.fits(&other, &[4]) && !stream.fits(&other, &[5]) && !stream.fits(&other, &[4, 4]) && !stream.fits(&tight, &[4]));
}

fn small() -> Shape {
    Shape { vocabulary: 5, units: vec![6], sequence: true, rows: 9, length: 4, training: true, dropout: false, slots: 2, threads: 2 }
}

/// Miri itself ends where memory does.
#[test]
#[cfg_attr(miri, ignore)]
fn memory_beyond_the_limit_or_beyond_all_there_is_is_refused() {
    for kernels in present() {
        let bytes = |shape: Shape, limit| match Engine::new(shape, kernels, limit, Arc::default()) {
            Err(Refusal::Memory { bytes }) => bytes,
            _ => panic!("a refusal was expected"),
        };
        let needed = Engine::new(small(), kernels, usize::MAX, Arc::default()).unwrap().bytes;
        assert_eq!(bytes(small(), needed - 1), needed);
        let huge = Shape { rows: 1 << 20, length: 1 << 20, units: vec![64; 4], ..small() };
        assert!(bytes(huge.clone(), 1 << 40) > 1 << 48);
        assert!(bytes(huge, usize::MAX) > 1 << 48);
    }
    assert!(Memory::real().take(usize::MAX / 8).is_none());
    assert!(Memory::real().take_ids(usize::MAX / 8).is_none());
}

/// Has a runner take a step, and waits for its end.
fn await_step(runner: &Runner, step: Step) -> Result<Outcome, Failure> {
    let (sender, receiver) = mpsc::channel();
    runner.step(step, Box::new(move |result| sender.send(result).unwrap()))?;
    receiver.recv().unwrap()
}

/// Batches that `node` would refuse: only the checks of the kernels and of the views of memory are left.
#[test]
fn what_gets_past_the_first_checks_panics_in_the_second_and_closes_the_engine() {
    std::panic::set_hook(Box::new(|_| {}));
    let wrong: [(&str, fn(&mut Batch)); 5] = [
        ("an id outside the vocabulary", |batch| batch.inputs[7] = 1 << 30),
        ("an id in the last row only", |batch| *batch.inputs.last_mut().unwrap() = 5),
        ("a target outside the vocabulary", |batch| batch.targets[30] = 1 << 30),
        ("more rows than there is memory for", |batch| *batch = Random(1).batch(&small(), 90, 4)),
        ("longer than there is memory for", |batch| *batch = Random(1).batch(&small(), 9, 40)),
    ];
    for kernels in present() {
        for (name, change) in &wrong {
            let stop = Arc::new(AtomicBool::new(false));
            let runner = Runner::start(engine(&small(), kernels), stop).unwrap();
            let good = || training(&small(), Random(1).batch(&small(), 9, 4));
            assert!(await_step(&runner, good()).is_ok());
            let mut step = good();
            change(&mut step.batch);
            let code = |result: Result<Outcome, Failure>| result.err().map(|failure| failure.code);
            assert_eq!(code(await_step(&runner, step)), Some("WORKER_FAILED"), "{name}");
            assert_eq!(code(await_step(&runner, good())), Some("CLOSED"), "{name}");
            assert_eq!(runner.engine().err().map(|failure| failure.code), Some("CLOSED"), "{name}");
        }
    }
    let _ = std::panic::take_hook();
}
