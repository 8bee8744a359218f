//! The kinds of fields and their valid values (the table of the parameters in the pages about subscription messages).

/// The kinds that the documents describe, and `keyword` of older template messages.
const KINDS: [&str; 14] = [
    "thing",
    "number",
    "letter",
    "symbol",
    "character_string",
    "time",
    "date",
    "amount",
    "phone_number",
    "car_number",
    "name",
    "phrase",
    "const",
    "keyword",
];

/// The longest value of an older template message; WeChat cuts it.
const KEYWORD_CHARS: usize = 20;

/// The kind of a field: `thing` of `thing1`. `None` if the documents do not know the kind.
pub(super) fn kind(name: &str) -> Option<&str> {
    let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (kind.len() < name.len() && KINDS.contains(&kind)).then_some(kind)
}

/// The value as the user sees it. `None` if the value does not fit the kind.
pub(super) fn shown(name: &str, value: &str) -> Option<String> {
    let kind = kind(name)?;
    if kind == "keyword" {
        return Some(cut(value));
    }
    if value.is_empty() || value.chars().any(char::is_control) {
        return None;
    }
    fits(kind, value).then(|| value.to_owned())
}

fn cut(value: &str) -> String {
    if value.chars().count() <= KEYWORD_CHARS {
        return value.to_owned();
    }
    value.chars().take(KEYWORD_CHARS).chain(['…']).collect()
}

fn fits(kind: &str, value: &str) -> bool {
    let length = value.chars().count();
    let all = |is_allowed: fn(char) -> bool| value.chars().all(is_allowed);
    match kind {
        "thing" | "const" => length <= 20,
        "number" => length <= 32 && is_decimal(value),
        "letter" => length <= 32 && all(|c| c.is_ascii_alphabetic()),
        "symbol" => length <= 5 && all(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        "character_string" => length <= 32 && all(|c| c.is_ascii_graphic() || c == ' '),
        "time" => range(value, is_time),
        "date" => range(value, is_date),
        "amount" => is_amount(value),
        "phone_number" => length <= 17 && all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        "car_number" => length <= 8,
        // a name of letters and Chinese characters counts as a Chinese one
        "name" => length <= if all(|c| c.is_ascii()) { 20 } else { 10 },
        "phrase" => length <= 5 && all(is_chinese),
        _ => false,
    }
}

fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Digits, with a decimal point between digits.
fn is_decimal(value: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match value.split_once('.') {
        None => is_digits(value),
        Some((whole, decimals)) => is_digits(whole) && is_digits(decimals),
    }
}

/// One symbol of a currency, up to ten digits with decimals, and 元 at the end.
fn is_amount(value: &str) -> bool {
    let digits = value.strip_suffix('元').unwrap_or(value);
    let digits = match digits.chars().next() {
        Some(first) if !first.is_alphanumeric() && !first.is_whitespace() => &digits[first.len_utf8()..],
        _ => digits,
    };
    is_decimal(digits) && digits.bytes().filter(u8::is_ascii_digit).count() <= 10
}

/// One value, or two with `~` between them.
fn range(value: &str, is_one: fn(&str) -> bool) -> bool {
    match value.split_once('~') {
        None => is_one(value),
        Some((from, to)) => is_one(from.trim()) && is_one(to.trim()),
    }
}

/// A time of 24 hours; a date may precede it.
fn is_time(value: &str) -> bool {
    match value.rsplit_once(' ') {
        Some((date, clock)) => is_day(date.trim()) && is_clock(clock),
        None => is_clock(value),
    }
}

/// A date; a time may follow it.
fn is_date(value: &str) -> bool {
    match value.split_once(' ') {
        Some((date, clock)) => is_day(date) && is_clock(clock.trim()),
        None => is_day(value),
    }
}

/// `15:01` or `15:01:30`
fn is_clock(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let number = |text: &str, limit: u8| {
        (1..=2).contains(&text.len()) && text.parse::<u8>().is_ok_and(|number| number < limit)
    };
    match parts.as_slice() {
        [hour, minute] => number(hour, 24) && number(minute, 60),
        [hour, minute, second] => number(hour, 24) && number(minute, 60) && number(second, 60),
        _ => false,
    }
}

/// `2019年10月1日` or `2019-10-01`
fn is_day(value: &str) -> bool {
    let (year, rest, end) = match value.split_once('年') {
        Some((year, rest)) => (year, rest.replace('月', "-"), "日"),
        None => match value.split_once('-') {
            Some((year, rest)) => (year, rest.to_owned(), ""),
            None => return false,
        },
    };
    let Some(rest) = rest.strip_suffix(end) else { return false };
    let Some((month, day)) = rest.split_once('-') else { return false };
    let number = |text: &str, of: std::ops::RangeInclusive<u16>| {
        text.bytes().all(|byte| byte.is_ascii_digit())
            && text.parse().is_ok_and(|number| of.contains(&number))
    };
    year.len() == 4 && number(year, 1..=9999) && number(month, 1..=12) && number(day, 1..=31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_takes_what_the_documents_say() {
        for (name, value) in [
            ("thing1", "二十个字以内的汉字、数字、字母或符号组合"),
            ("number1", "12.50"),
            ("letter1", "Celadon"),
            ("symbol1", "!@#"),
            ("character_string1", "2026-1129 #7"),
            ("time1", "15:01"),
            ("time1", "2019年10月1日 15:01"),
            ("time1", "15:01~16:00"),
            ("date1", "2019年10月1日"),
            ("date1", "2019-10-01"),
            ("date1", "2019年10月1日 15:01"),
            ("amount1", "¥1234567.89"),
            ("amount1", "59.00元"),
            ("phone_number1", "+86-0766-66888866"),
            ("car_number1", "粤A8Z888挂"),
            ("name1", "张三"),
            ("name1", "Zhang San"),
            ("phrase1", "配送中"),
        ] {
            assert!(shown(name, value).is_some(), "{name} {value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let long = "一".repeat(21);
        for (name, value) in [
            ("thing1", long.as_str()),
            ("thing1", ""),
            ("thing1", "two\nlines"),
            ("number1", "12.5元"),
            ("number1", "1.2.3"),
            ("letter1", "a1"),
            ("symbol1", "!!!!!!"),
            ("character_string1", "单号1"),
            ("character_string1", "123456789012345678901234567890123"),
            ("time1", "25:00"),
            ("time1", "2026-13-01 10:00"),
            ("time1", "2019年10月1日"),
            ("date1", "20191001"),
            ("date1", "2019年10月"),
            ("amount1", "¥¥1"),
            ("amount1", "¥12345678901"),
            ("amount1", "1,234.00"),
            ("phone_number1", "123456789012345678"),
            ("car_number1", "粤A8Z888挂挂"),
            ("name1", "一二三四五六七八九十一"),
            ("phrase1", "shipped"),
            ("phrase1", "已经全部…"),
            ("colour1", "red"),
            ("thing", "x"),
        ] {
            assert!(shown(name, value).is_none(), "{name} {value}");
        }
    }

    #[test]
    fn an_older_template_cuts_its_values() {
        assert_eq!(shown("keyword1", &"一".repeat(21)).unwrap(), format!("{}…", "一".repeat(20)));
    }
}
