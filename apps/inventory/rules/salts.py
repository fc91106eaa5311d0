"""Names of substances. Price lists mix the old British names with the international ones; here one name is kept."""

from __future__ import annotations

# Former British Approved Names, and names of other pharmacopoeias, by the INN that replaced them (Directive 92/27/EEC;
# WHO, International Nonproprietary Names). Salts and esters keep the word behind the name.
_INN = {
    "acetaminophen": "paracetamol",
    "acyclovir": "aciclovir",
    "adrenaline": "epinephrine",
    "albuterol": "salbutamol",
    "amoxycillin": "amoxicillin",
    "beclomethasone": "beclometasone",
    "bendrofluazide": "bendroflumethiazide",
    "cephadroxil": "cefadroxil",
    "cephalexin": "cefalexin",
    "cephradine": "cefradine",
    "chlorpheniramine": "chlorphenamine",
    "cholecalciferol": "colecalciferol",
    "clomiphene": "clomifene",
    "cyclosporin": "ciclosporin",
    "cyclosporine": "ciclosporin",
    "cysteamine": "mercaptamine",
    "dicyclomine": "dicycloverine",
    "dothiepin": "dosulepin",
    "ethinyloestradiol": "ethinylestradiol",
    "frusemide": "furosemide",
    "glyburide": "glibenclamide",
    "guaiphenesin": "guaifenesin",
    "hydroxyurea": "hydroxycarbamide",
    "indomethacin": "indometacin",
    "isoproterenol": "isoprenaline",
    "lignocaine": "lidocaine",
    "meperidine": "pethidine",
    "methimazole": "thiamazole",
    "mitozantrone": "mitoxantrone",
    "noradrenaline": "norepinephrine",
    "oestradiol": "estradiol",
    "oestriol": "estriol",
    "phenobarbitone": "phenobarbital",
    "rifampin": "rifampicin",
    "salicylazosulfapyridine": "sulfasalazine",
    "sulphadiazine": "sulfadiazine",
    "sulphamethoxazole": "sulfamethoxazole",
    "sulphasalazine": "sulfasalazine",
    "thiopentone": "thiopental",
    "torsemide": "torasemide",
    "trimeprazine": "alimemazine",
}


def proper_name(name: str) -> str:
    """A substance's name as it is kept: blanks tidied, the first letter large, old names replaced by the INN.

    Words in capitals of their own (`L-Ornithine`, `DHA`, `Vitamin B12`) stay as written.
    """
    words = name.split()
    first = words[0].lower()
    if first in _INN:
        words[0] = _INN[first]
    words = [word.capitalize() if word.isupper() and len(word) > 5 and word.isalpha() else word for word in words]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
