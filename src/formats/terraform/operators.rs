//! Operators.

use crate::{
    formats::terraform::value::{Is, Value},
    span::Span,
    syntax::hcl::Operator,
};

pub(super) fn unary<'f>(operator: Operator, value: &Value<'f>, at: Span) -> Value<'f> {
    match operator {
        Operator::Not => of_bool(value.as_bool().map(|value| !value), at),
        _ => of_number(value.as_number().map(|number| -number), at),
    }
}

pub(super) fn binary<'f>(operator: Operator, left: &Value<'f>, right: &Value<'f>, at: Span) -> Value<'f> {
    let bools = (left.as_bool(), right.as_bool());
    let numbers = left.as_number().zip(right.as_number());
    let compare = |test: fn(f64, f64) -> bool| of_bool(numbers.map(|(a, b)| test(a, b)), at);
    let compute = |result: fn(f64, f64) -> f64| of_number(numbers.map(|(a, b)| result(a, b)), at);
    match operator {
        Operator::Or => match bools {
            (Some(true), _) | (_, Some(true)) => of_bool(Some(true), at),
            (Some(false), Some(false)) => of_bool(Some(false), at),
            _ => Value::unknown(at),
        },
        Operator::And => match bools {
            (Some(false), _) | (_, Some(false)) => of_bool(Some(false), at),
            (Some(true), Some(true)) => of_bool(Some(true), at),
            _ => Value::unknown(at),
        },
        Operator::Equal => of_bool(left.equals(right), at),
        Operator::NotEqual => of_bool(left.equals(right).map(|equal| !equal), at),
        Operator::Less => compare(|a, b| a < b),
        Operator::LessOrEqual => compare(|a, b| a <= b),
        Operator::Greater => compare(|a, b| a > b),
        Operator::GreaterOrEqual => compare(|a, b| a >= b),
        Operator::Add => compute(|a, b| a + b),
        Operator::Subtract => compute(|a, b| a - b),
        Operator::Multiply => compute(|a, b| a * b),
        Operator::Divide => compute(|a, b| a / b),
        Operator::Modulo => compute(|a, b| a % b),
        Operator::Not | Operator::Negate => Value::unknown(at),
    }
}

fn of_bool<'f>(value: Option<bool>, at: Span) -> Value<'f> {
    Value::new(at, value.map_or(Is::Unknown(None), Is::Bool))
}

fn of_number<'f>(value: Option<f64>, at: Span) -> Value<'f> {
    match value.filter(|number| number.is_finite()) {
        Some(number) => Value::number(number, at),
        None => Value::unknown(at),
    }
}
