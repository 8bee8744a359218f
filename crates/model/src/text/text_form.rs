/// Implements [`TextForm`](crate::text::TextForm) for a struct.
///
/// The name beside a field is its name in the text. The type of the field must implement `Display` and `FromStr`.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// struct Place {
///     city: String,
///     floor: i64,
/// }
/// model::text_form!(Place { city: "city", floor: "floor" });
///
/// let place = Place { city: "广州".to_owned(), floor: 3 };
/// let text = model::text::to_text(&place);
/// assert_eq!(text, "city 广州\nfloor 3\n");
/// assert_eq!(model::text::from_text(&text), Ok(place));
/// ```
#[macro_export]
macro_rules! text_form {
    ($type:ty { $($field:ident: $name:literal),+ $(,)? }) => {
        impl $crate::text::TextForm for $type {
            fn write(&self, to: &mut $crate::text::TextWriter) {
                $(to.put($name, &self.$field.to_string());)+
            }

            fn read(from: &$crate::text::TextReader<'_>) -> Result<Self, $crate::text::TextError> {
                Ok(Self { $($field: from.parse($name)?),+ })
            }
        }
    };
}
