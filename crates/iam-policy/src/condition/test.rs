//! One condition, made ready to be asked of many requests.
//!
//! Owns what absent, unknown and multivalued keys mean. Never compares two values: `operand` does.
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued context
//! keys".

use super::{
    operand::Operand,
    operator::{Comparison, Operator, Set},
};
use crate::{Condition, Context, Truth, Value, Version};

/// A condition with its operator read and its values parsed.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// `None` if IAM has no operator of the name that was written.
    operator: Option<Operator>,
    key: String,
    operands: Vec<Operand>,
}

impl Test {
    pub(crate) fn new(condition: &Condition, version: Version) -> Self {
        let operator = Operator::parse(&condition.operator);
        let operand =
            |text: String| operator.map(|operator| Operand::new(operator.comparison, &text, version));
        Self {
            operator,
            key: condition.key.to_ascii_lowercase(),
            operands: condition.values.iter().filter_map(|value| operand(value.to_text())).collect(),
        }
    }

    /// Whether the condition holds. An operator that IAM does not have leaves it unknown.
    pub(crate) fn holds(&self, context: &Context) -> Truth {
        let Some(operator) = self.operator else { return Truth::Unknown };
        let value = context.get(&self.key);
        if operator.comparison == Comparison::Null {
            return self.is_null(operator.set, value);
        }
        match value {
            Value::Absent | Value::Known([]) => absent(operator),
            Value::Known(values) => self.of_values(operator, values, context),
            Value::Unknown => {
                let absent = absent(operator);
                if self.of_any_value(operator) == absent { absent } else { Truth::Unknown }
            }
        }
    }

    fn of_values(&self, operator: Operator, values: &[String], context: &Context) -> Truth {
        if operator.set != Set::Single && values.iter().all(String::is_empty) {
            return self.of_empty_texts(operator, context);
        }
        let matches = |value: &String| self.matches(value, context);
        let answer = |value| if operator.negated { !matches(value) } else { matches(value) };
        match (operator.set, values) {
            (Set::Single, [only]) => answer(only),
            (Set::Any, _) => Truth::any(values.iter().map(answer)),
            (Set::All, _) => Truth::all(values.iter().map(answer)),
            (Set::Single, _) => {
                let matches = self.matches_several(values, context);
                if operator.negated { !matches } else { matches }
            }
        }
    }

    /// Several values without a set operator: AWS forbids it and says no more, and engines differ. Only where no value
    /// matches, and where every text does, it does not matter how they are read.
    fn matches_several(&self, values: &[String], context: &Context) -> Truth {
        if self.operands.iter().any(Operand::is_everything) {
            return Truth::True;
        }
        Truth::any(values.iter().map(|value| self.matches(value, context))).and(Truth::Unknown)
    }

    /// To the set operators an empty text is a null dataset: true for all, false for any. Whether that goes for a negated
    /// comparison, and whether any takes it literally, is not said; there both readings must agree.
    fn of_empty_texts(&self, operator: Operator, context: &Context) -> Truth {
        let matches = self.matches("", context);
        let literally = if operator.negated { !matches } else { matches };
        let as_null = Truth::from(operator.set == Set::All);
        if operator.set == Set::All && !operator.negated || literally == as_null {
            as_null
        } else {
            Truth::Unknown
        }
    }

    fn matches(&self, value: &str, context: &Context) -> Truth {
        Truth::any(self.operands.iter().map(|operand| operand.matches(value, context)))
    }

    /// What the answer is for every value that the key could have, if it is the same for all.
    fn of_any_value(&self, operator: Operator) -> Truth {
        let matches = if self.operands.is_empty() {
            Truth::False
        } else if self.operands.iter().any(Operand::is_everything) {
            Truth::True
        } else {
            Truth::Unknown
        };
        let answer = if operator.negated { !matches } else { matches };
        // An empty text may count as no value, which is never any.
        if operator.set == Set::Any && answer == Truth::True { Truth::Unknown } else { answer }
    }

    fn is_null(&self, set: Set, value: Value<'_>) -> Truth {
        let absent = match value {
            Value::Absent | Value::Known([]) if set == Set::Single => Truth::True,
            // An empty text may count as no value, and what a set operator does to this test is not documented.
            Value::Known(values) if !values.is_empty() && !values.iter().any(String::is_empty) => {
                Truth::False
            }
            Value::Absent | Value::Known(_) | Value::Unknown => Truth::Unknown,
        };
        let wants = |wanted| self.operands.iter().any(|operand| operand.as_bool() == Some(wanted));
        match (wants(true), wants(false)) {
            _ if self.operands.iter().any(|operand| operand.as_bool().is_none()) => Truth::Unknown,
            (true, true) => Truth::True,
            (true, false) => absent,
            (false, true) => !absent,
            (false, false) => Truth::False,
        }
    }
}

/// What an absent key makes of an operator.
fn absent(operator: Operator) -> Truth {
    Truth::from(match operator.set {
        Set::All => true,
        Set::Any => operator.if_exists,
        Set::Single => operator.if_exists || operator.negated,
    })
}
