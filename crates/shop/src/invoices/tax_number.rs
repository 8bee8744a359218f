//! Checks Chinese tax numbers (税号, 纳税人识别号).

/// The characters of a unified social credit code (GB 32100-2015, table 1: no I, O, S, V, Z). The index of a character
/// is its value.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a text is a tax number in capital letters: a unified social credit code (18 characters, GB 32100-2015), the
/// number of an identity card (18 characters, GB 11643-1999), or an older number of 15, 17 or 20 characters, which has
/// no check character.
pub(super) fn is_tax_number(number: &str) -> bool {
    match number.len() {
        18 => is_credit_code(number.as_bytes()) || is_identity_card(number.as_bytes()),
        15 | 17 | 20 => number.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()),
        _ => false,
    }
}

/// GB 32100-2015, 4.2: the weights are the powers of 3 modulo 31.
fn is_credit_code(number: &[u8]) -> bool {
    let value = |byte: &u8| ALPHABET.iter().position(|known| known == byte);
    let Some(values) = number.iter().map(value).collect::<Option<Vec<usize>>>() else { return false };
    let Some((check, values)) = values.split_last() else { return false };
    let mut weight = 1;
    let mut sum = 0;
    for value in values {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31 == *check
}

/// GB 11643-1999: 17 digits, and a check digit or X.
fn is_identity_card(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8] = b"10X98765432";
    let Some((check, digits)) = number.split_last() else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS.get((sum % 11) as usize) == Some(check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_character_is_found() {
        // the example of GB 32100-2015, and one of GB 11643-1999
        for number in ["91350100M000100Y43", "11010519491231002X", "110105194912310", "91350100M000100Y4311"]
        {
            assert!(is_tax_number(number), "{number}");
        }
        for wrong in [
            "91350100M000100Y44",
            "19350100M000100Y43",
            "110105194912310021",
            "91350100M000100O43",
            "91350100m000100y43",
            "1234567",
            "",
        ] {
            assert!(!is_tax_number(wrong), "{wrong}");
        }
    }
}
