//! A control loop in Rust: a PID controller keeps a heater at 60 degrees, and a Kalman filter follows a drone from
//! noisy positions. A path as argument gets every number, for a plot:
//!
//! ```text
//! heater,time,temperature,power
//! drone,time,x,y,measured x,measured y,estimated x,estimated y
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{sink, BufWriter, Write};

/// About normal: the sum of 12 numbers of SplitMix64 between 0 and 1 (variance 1), less their mean.
fn noise(seed: &mut u64) -> f64 {
    let mut sum = -6.0;
    for _ in 0..12 {
        *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        sum += ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
    }
    sum
}

/// A heater (1 K per % of power, time constant 20 s, 20 degrees outside) under the controller, for two minutes.
fn heat(trace: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut pid = pid::Model::new();
    let mut temperature = 20.0;
    let mut highest = temperature;
    pid.follow(60.0, temperature, 0.0);
    let dt = pid.get_dt();
    for i in 0..1200 {
        let power = pid.step(60.0, temperature);
        temperature += dt / 20.0 * (20.0 + power - temperature);
        highest = f64::max(highest, temperature);
        writeln!(trace, "heater,{},{temperature},{power}", f64::from(i + 1) * dt)?;
    }
    println!("heater: {highest:.2} degrees at most, {temperature:.2} after two minutes");
    Ok(())
}

/// A drone on a circle of 20 m, seen with an error of 0.5 m ten times a second, for half a minute.
fn follow(trace: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let mut kalman = kalman::Model::new();
    let (cos, sin) = (0.999_800_006_666_577_8, 0.019_998_666_693_333_084); // of 0.02
    let mut place = [20.0, 0.0];
    let mut wrong = [0.0, 0.0];
    let mut seed = 1;
    for i in 0..300 {
        let seen = [place[0] + 0.5 * noise(&mut seed), place[1] + 0.5 * noise(&mut seed)];
        let estimate = kalman.step(&seen);
        if i >= 50 {
            for k in 0..2 {
                wrong[0] += (seen[k] - place[k]) * (seen[k] - place[k]);
                wrong[1] += (estimate[k] - place[k]) * (estimate[k] - place[k]);
            }
        }
        let numbers = [place[0], place[1], seen[0], seen[1], estimate[0], estimate[1]];
        let row: Vec<String> = numbers.iter().map(f64::to_string).collect();
        writeln!(trace, "drone,{},{}", f64::from(i) * kalman.get_dt(), row.join(","))?;
        place = [cos * place[0] - sin * place[1], sin * place[0] + cos * place[1]];
    }
    let [measured, estimated] = wrong.map(|sum: f64| (sum / 500.0).sqrt());
    println!("drone: measured positions are {measured:.2} m off, estimated ones {estimated:.2} m");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut trace: Box<dyn Write> = match std::env::args().nth(1) {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(sink()),
    };
    heat(&mut trace)?;
    follow(&mut trace)?;
    trace.flush()?;
    println!("memory: {} and {} bytes of state", pid::Model::STATE_BYTES, kalman::Model::STATE_BYTES);
    Ok(())
}
