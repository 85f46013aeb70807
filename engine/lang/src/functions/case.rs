//! Upper and lower case of single characters, as Go has them: one character never becomes two.

/// The character in lower case.
pub(super) fn lower(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    character.to_lowercase().next().unwrap_or(character)
}

/// The character in upper case.
pub(super) fn upper(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    if let Some(title) = greek(character) {
        return title;
    }
    let mut found = character.to_uppercase();
    match (found.next(), found.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

/// The character as it begins a word.
pub(super) fn title(character: char) -> char {
    match character {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        'ა'..='ჺ' | 'ჽ'..='ჿ' => character,
        _ => upper(character),
    }
}

/// Greek letters with an iota below have one upper case character, which full case mapping takes apart.
fn greek(character: char) -> Option<char> {
    let code = character as u32;
    let distance = match code {
        0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7 => 8,
        0x1FB3 | 0x1FC3 | 0x1FF3 => 9,
        _ => return None,
    };
    char::from_u32(code + distance)
}

/// Whether what follows the character is a new word: all of ASCII but letters, digits and `_`, and any white space.
pub(super) fn separates(character: char) -> bool {
    match character {
        '_' => false,
        character if character.is_ascii() => !character.is_ascii_alphanumeric(),
        character => !character.is_alphanumeric() && character.is_whitespace(),
    }
}
