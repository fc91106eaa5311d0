"""Substances for the demo's products: true generic names (INN), schedules, tariff codes and strengths.

Schedules G, H, H1 and X are those of the Drugs Rules 1945 for each substance; H1 is the list of notification GSR 588(E)
of 2013. Hydantoins, insulins, metformin, glibenclamide and the older antihistamines are of Schedule G. What NLEM 2022
struck off, such as atenolol, is not price controlled by it; what it added, such as terbinafine, is. Every line reads

    INN (several with +) | schedule | marks | HSN | forms

Marks: a antibiotic, v vitamin, o hormone, b biological (these are of Schedules C and C1), n narcotic or psychotropic
(NDPS Act), p price controlled (NLEM 2022), c kept at 2–8 °C, u below 25 °C. Forms: a letter, then strengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FORMS = {
    "T": "tablet",
    "C": "capsule",
    "S": "syrup",
    "U": "suspension",
    "D": "drops",
    "I": "injection",
    "F": "infusion",
    "R": "cream",
    "O": "ointment",
    "G": "gel",
    "H": "inhaler",
    "Y": "spray",
    "P": "powder",
    "A": "sachet",
    "V": "vaccine",
    "L": "lotion",
    "Q": "solution",
}

TABLE = """
Paracetamol||p|300490|T 500 mg, 650 mg; S 125 mg/5 ml, 250 mg/5 ml; F 10 mg/ml
Ibuprofen|H|p|300490|T 200 mg, 400 mg; U 100 mg/5 ml
Ibuprofen + Paracetamol|H||300490|T 400 mg + 325 mg
Diclofenac|H|p|300490|T 50 mg, 75 mg; I 25 mg/ml; G 1% w/w
Aceclofenac|H||300490|T 100 mg
Aceclofenac + Paracetamol|H||300490|T 100 mg + 325 mg
Naproxen|H||300490|T 250 mg, 500 mg
Mefenamic acid|H|p|300490|T 250 mg, 500 mg; U 50 mg/5 ml
Etoricoxib|H||300490|T 60 mg, 90 mg, 120 mg
Ketorolac|H||300490|T 10 mg; I 30 mg/ml
Tramadol|H1|np|300490|C 50 mg; I 50 mg/ml
Pentazocine|H1|n|300490|I 30 mg/ml
Buprenorphine|H1|np|300490|T 0.2 mg; I 0.3 mg/ml
Colchicine|H|p|300449|T 0.5 mg
Allopurinol|H|p|300490|T 100 mg, 300 mg
Febuxostat|H||300490|T 40 mg, 80 mg
Amoxicillin|H|ap|300410|C 250 mg, 500 mg; U 125 mg/5 ml
Amoxicillin + Clavulanic acid|H|apu|300410|T 500 mg + 125 mg, 875 mg + 125 mg; I 1 g + 200 mg
Amoxicillin + Clavulanic acid|H|apu|300410|U 200 mg/5 ml + 28.5 mg/5 ml
Ampicillin|H|ap|300410|C 500 mg; I 500 mg
Cloxacillin|H|ap|300410|C 250 mg, 500 mg
Piperacillin + Tazobactam|H|ap|300410|I 4 g + 500 mg
Azithromycin|H|ap|300420|T 250 mg, 500 mg; U 200 mg/5 ml
Clarithromycin|H|ap|300420|T 250 mg, 500 mg
Erythromycin|H|a|300420|T 250 mg, 500 mg
Doxycycline|H|ap|300420|C 100 mg
Cefadroxil|H|ap|300420|T 500 mg; U 250 mg/5 ml
Cefalexin|H|ap|300420|C 250 mg, 500 mg
Cefuroxime|H|ap|300420|T 250 mg, 500 mg; I 750 mg
Cefixime|H1|ap|300420|T 200 mg; U 50 mg/5 ml, 100 mg/5 ml
Cefpodoxime|H1|a|300420|T 100 mg, 200 mg; U 50 mg/5 ml
Cefdinir|H1|a|300420|C 300 mg
Cefotaxime|H1|ap|300420|I 250 mg, 1 g
Ceftriaxone|H1|ap|300420|I 250 mg, 500 mg, 1 g
Ceftazidime|H1|ap|300420|I 1 g
Cefepime|H1|a|300420|I 1 g
Meropenem|H1|ap|300420|I 500 mg, 1 g
Ertapenem|H1|a|300420|I 1 g
Faropenem|H1|a|300420|T 200 mg
Amikacin|H|ap|300420|I 250 mg/ml
Gentamicin|H|ap|300420|I 40 mg/ml; D 0.3% w/v
Tobramycin|H|a|300420|D 0.3% w/v
Ciprofloxacin|H|ap|300490|T 250 mg, 500 mg; F 2 mg/ml; D 0.3% w/v
Ofloxacin|H|a|300490|T 200 mg, 400 mg; D 0.3% w/v
Levofloxacin|H1|ap|300490|T 250 mg, 500 mg, 750 mg; F 5 mg/ml
Moxifloxacin|H1|a|300490|T 400 mg; D 0.5% w/v
Norfloxacin|H|a|300490|T 400 mg
Metronidazole|H|p|300490|T 200 mg, 400 mg; F 5 mg/ml; U 200 mg/5 ml
Tinidazole|H||300490|T 300 mg, 500 mg
Ornidazole|H||300490|T 500 mg
Sulfamethoxazole + Trimethoprim|H|p|300490|T 400 mg + 80 mg, 800 mg + 160 mg; U 200 mg/5 ml + 40 mg/5 ml
Linezolid|H|p|300490|T 600 mg; F 2 mg/ml
Vancomycin|H|ap|300420|I 500 mg
Clindamycin|H|ap|300420|C 150 mg, 300 mg; G 1% w/w
Nitrofurantoin|H|p|300490|T 100 mg
Isoniazid|H1|p|300490|T 100 mg, 300 mg
Rifampicin|H1|ap|300420|C 150 mg, 450 mg
Pyrazinamide|H1|p|300490|T 500 mg, 750 mg
Ethambutol|H1|p|300490|T 400 mg, 800 mg
Fluconazole|H|p|300490|T 150 mg; C 200 mg
Itraconazole|H|p|300490|C 100 mg, 200 mg
Terbinafine|H|p|300490|T 250 mg; R 1% w/w
Clotrimazole|H|p|300490|R 1% w/w; L 1% w/v
Ketoconazole|H||300490|T 200 mg; R 2% w/w
Aciclovir|H|p|300490|T 200 mg, 400 mg, 800 mg; R 5% w/w
Oseltamivir|H|p|300490|C 30 mg, 75 mg
Albendazole|H|p|300490|T 400 mg; U 200 mg/5 ml
Ivermectin|H|p|300490|T 6 mg, 12 mg
Artesunate|H|p|300460|I 60 mg
Chloroquine|H|p|300460|T 250 mg
Hydroxychloroquine|H|p|300460|T 200 mg, 400 mg
Primaquine|H|p|300460|T 7.5 mg, 15 mg
Metformin|G|p|300490|T 500 mg, 850 mg, 1 g
Glibenclamide|G||300490|T 5 mg
Glimepiride|H|p|300490|T 1 mg, 2 mg, 4 mg
Glimepiride + Metformin|H||300490|T 1 mg + 500 mg, 2 mg + 500 mg
Gliclazide|H||300490|T 40 mg, 80 mg
Sitagliptin|H||300490|T 50 mg, 100 mg
Vildagliptin|H||300490|T 50 mg
Teneligliptin|H|p|300490|T 20 mg
Dapagliflozin|H||300490|T 5 mg, 10 mg
Empagliflozin|H||300490|T 10 mg, 25 mg
Pioglitazone|H||300490|T 15 mg, 30 mg
Insulin human|G|obpc|300431|I 40 IU/ml, 100 IU/ml
Insulin glargine|G|obpc|300431|I 100 IU/ml
Insulin aspart|G|obc|300431|I 100 IU/ml
Levothyroxine|H|opu|300439|T 25 mcg, 50 mcg, 100 mcg
Carbimazole|H|p|300490|T 5 mg, 10 mg
Prednisolone|H|op|300432|T 5 mg, 10 mg, 20 mg
Methylprednisolone|H|op|300432|T 4 mg, 16 mg; I 500 mg
Dexamethasone|H|op|300432|T 0.5 mg; I 4 mg/ml
Hydrocortisone|H|op|300432|I 100 mg; R 1% w/w
Betamethasone|H|op|300432|T 0.5 mg; R 0.05% w/w
Mometasone|H|o|300432|R 0.1% w/w; Y 50 mcg/dose
Progesterone|H|o|300439|C 100 mg, 200 mg
Norethisterone|H|op|300439|T 5 mg
Oxytocin|H|opc|300439|I 5 IU/ml
Amlodipine|H|p|300490|T 2.5 mg, 5 mg, 10 mg
Amlodipine + Atenolol|H||300490|T 5 mg + 50 mg
Atenolol|H||300490|T 25 mg, 50 mg
Metoprolol|H|p|300490|T 25 mg, 50 mg
Propranolol|H|p|300490|T 10 mg, 40 mg
Carvedilol|H||300490|T 3.125 mg, 6.25 mg
Bisoprolol|H||300490|T 2.5 mg, 5 mg
Nebivolol|H||300490|T 2.5 mg, 5 mg
Enalapril|H|p|300490|T 2.5 mg, 5 mg
Ramipril|H|p|300490|T 2.5 mg, 5 mg
Telmisartan|H|p|300490|T 20 mg, 40 mg, 80 mg
Telmisartan + Amlodipine|H||300490|T 40 mg + 5 mg
Telmisartan + Hydrochlorothiazide|H||300490|T 40 mg + 12.5 mg
Losartan|H||300490|T 25 mg, 50 mg
Olmesartan|H||300490|T 20 mg, 40 mg
Cilnidipine|H||300490|T 10 mg
Nifedipine|H|p|300490|T 10 mg, 20 mg
Clonidine|H||300490|T 0.1 mg
Hydrochlorothiazide|H|p|300490|T 12.5 mg, 25 mg
Furosemide|H|p|300490|T 40 mg; I 10 mg/ml
Torasemide|H||300490|T 10 mg, 20 mg
Spironolactone|H|p|300490|T 25 mg, 50 mg
Digoxin|H|p|300490|T 0.25 mg
Isosorbide mononitrate|H|p|300490|T 20 mg
Atorvastatin|H|p|300490|T 10 mg, 20 mg, 40 mg
Rosuvastatin|H||300490|T 5 mg, 10 mg, 20 mg
Fenofibrate|H||300490|T 160 mg
Acetylsalicylic acid||p|300490|T 75 mg, 150 mg
Clopidogrel|H|p|300490|T 75 mg
Clopidogrel + Acetylsalicylic acid|H||300490|C 75 mg + 75 mg
Warfarin|H|p|300490|T 1 mg, 2 mg, 5 mg
Heparin|H|pb|300190|I 5000 IU/ml
Enoxaparin|H|pb|300190|I 40 mg/0.4 ml, 60 mg/0.6 ml
Rivaroxaban|H||300490|T 10 mg, 20 mg
Tranexamic acid|H|p|300490|T 500 mg; I 100 mg/ml
Omeprazole|H|p|300490|C 20 mg
Pantoprazole|H|p|300490|T 40 mg; I 40 mg
Pantoprazole + Domperidone|H||300490|T 40 mg + 10 mg
Rabeprazole|H||300490|T 20 mg
Esomeprazole|H||300490|T 20 mg, 40 mg
Famotidine|H||300490|T 20 mg, 40 mg
Sucralfate|||300490|U 1 g/5 ml
Domperidone|H|p|300490|T 10 mg; U 1 mg/ml
Ondansetron|H|p|300490|T 4 mg, 8 mg; I 2 mg/ml; S 2 mg/5 ml
Metoclopramide|H|p|300490|T 10 mg; I 5 mg/ml
Dicycloverine|H|p|300490|T 10 mg; I 10 mg/ml
Hyoscine butylbromide|H|p|300490|T 10 mg; I 20 mg/ml
Loperamide|H||300490|C 2 mg
Bisacodyl||p|300490|T 5 mg
Lactulose||p|300490|Q 10 g/15 ml
Mesalazine|H|p|300490|T 400 mg, 800 mg
Ursodeoxycholic acid|H||300490|T 150 mg, 300 mg
Zinc sulfate||p|300490|T 20 mg; S 20 mg/5 ml
Cetirizine|H|p|300490|T 10 mg; S 5 mg/5 ml
Levocetirizine|H||300490|T 5 mg; S 2.5 mg/5 ml
Fexofenadine|H||300490|T 120 mg, 180 mg
Loratadine|H||300490|T 10 mg
Chlorphenamine|G||300490|T 4 mg
Pheniramine|G|p|300490|T 25 mg; I 22.75 mg/ml
Promethazine|G|p|300490|T 25 mg; S 5 mg/5 ml
Montelukast|H|p|300490|T 4 mg, 5 mg, 10 mg
Montelukast + Levocetirizine|H||300490|T 10 mg + 5 mg
Salbutamol|H|p|300490|T 2 mg, 4 mg; S 2 mg/5 ml; H 100 mcg/dose
Levosalbutamol|H||300490|H 50 mcg/dose
Budesonide|H|op|300432|H 100 mcg/dose, 200 mcg/dose
Budesonide + Formoterol|H|op|300432|H 200 mcg/dose + 6 mcg/dose
Ipratropium|H|p|300490|H 20 mcg/dose
Tiotropium|H|p|300490|H 9 mcg/dose
Theophylline|H||300449|T 200 mg, 400 mg
Ambroxol|H||300490|S 30 mg/5 ml
Acetylcysteine|H||300490|T 600 mg
Dextromethorphan|H|p|300490|S 10 mg/5 ml
Codeine + Chlorphenamine|H1|n|300449|S 10 mg/5 ml + 4 mg/5 ml
Fluticasone|H|o|300432|Y 50 mcg/dose
Xylometazoline|||300490|D 0.05% w/v, 0.1% w/v
Alprazolam|H1|n|300490|T 0.25 mg, 0.5 mg
Diazepam|H1|np|300490|T 5 mg; I 5 mg/ml
Clonazepam|H|np|300490|T 0.5 mg, 1 mg, 2 mg
Lorazepam|H|np|300490|T 1 mg, 2 mg
Midazolam|H1|np|300490|I 1 mg/ml, 5 mg/ml
Nitrazepam|H1|n|300490|T 5 mg, 10 mg
Zolpidem|H1|np|300490|T 5 mg, 10 mg
Phenobarbital|H|np|300490|T 30 mg, 60 mg
Methylphenidate|X|n|300490|T 5 mg, 10 mg
Ketamine|X|np|300490|I 10 mg/ml, 50 mg/ml
Phenytoin|G|p|300490|T 100 mg; I 50 mg/ml
Carbamazepine|H|p|300490|T 100 mg, 200 mg
Sodium valproate|H|p|300490|T 200 mg, 500 mg; S 200 mg/5 ml
Levetiracetam|H|p|300490|T 250 mg, 500 mg
Gabapentin|H||300490|C 100 mg, 300 mg
Pregabalin|H||300490|C 75 mg, 150 mg
Amitriptyline|H|p|300490|T 10 mg, 25 mg
Escitalopram|H|p|300490|T 5 mg, 10 mg
Sertraline|H||300490|T 50 mg
Fluoxetine|H|p|300490|C 20 mg
Olanzapine|H||300490|T 5 mg, 10 mg
Risperidone|H|p|300490|T 1 mg, 2 mg
Quetiapine|H||300490|T 25 mg, 100 mg
Haloperidol|H|p|300490|T 5 mg; I 5 mg/ml
Donepezil|H|p|300490|T 5 mg, 10 mg
Betahistine|H||300490|T 8 mg, 16 mg
Tamsulosin|H|p|300490|C 0.4 mg
Finasteride|H|p|300490|T 5 mg
Sildenafil|H||300490|T 50 mg, 100 mg
Methotrexate|H|p|300490|T 2.5 mg, 7.5 mg; I 50 mg/2 ml
Tamoxifen|G|p|300490|T 10 mg, 20 mg
Cyclophosphamide|G|p|300490|I 500 mg
Letrozole|H|p|300490|T 2.5 mg
Timolol|H|p|300490|D 0.5% w/v
Latanoprost|H|pc|300490|D 0.005% w/v
Carboxymethylcellulose||p|300490|D 0.5% w/v
Atropine|H|p|300449|I 0.6 mg/ml; D 1% w/v
Epinephrine|H|op|300439|I 1 mg/ml
Lidocaine|H|p|300490|I 2% w/v; G 2% w/w
Bupivacaine|H|p|300490|I 0.5% w/v
Succinylcholine|H|pc|300490|I 50 mg/ml
Neostigmine|H|p|300490|I 0.5 mg/ml
Mupirocin|H|ap|300420|O 2% w/w
Fusidic acid|H|ap|300420|R 2% w/w
Silver sulfadiazine|H|p|300490|R 1% w/w
Permethrin|H|p|300490|R 5% w/w; L 1% w/v
Salicylic acid||p|300490|O 6% w/w
Ascorbic acid||vp|300450|T 500 mg
Colecalciferol||vp|300450|C 60000 IU; D 400 IU/ml
Folic acid||vp|300450|T 5 mg
Cyanocobalamin||vp|300450|I 500 mcg/ml
Mecobalamin|||300450|T 1500 mcg
Thiamine||vp|300450|T 100 mg
Ferrous ascorbate + Folic acid||v|300450|T 100 mg + 1.5 mg
Calcium carbonate + Colecalciferol||vp|300450|T 500 mg + 250 IU
Potassium chloride|||300490|Q 1.5 g/15 ml; I 150 mg/ml
Sodium chloride||p|300490|F 0.9% w/v
Glucose||p|300490|F 5% w/v, 10% w/v
Hepatitis B vaccine||bpc|300241|V 20 mcg/ml
Tetanus and diphtheria vaccine||bpc|300241|V 0.5 ml/dose
Rabies vaccine||bpc|300241|V 2.5 IU/dose
Human rabies immunoglobulin||bpc|300212|I 150 IU/ml
"""

# Goods that are no drugs: name, pack, base unit, HSN, highest MRP.
GOODS = (
    ("Disposable syringe 2 ml", "box of 100 pieces", "box", "901831", 450),
    ("Disposable syringe 5 ml", "box of 100 pieces", "box", "901831", 520),
    ("Disposable syringe 10 ml", "box of 50 pieces", "box", "901831", 480),
    ("Insulin syringe 40 IU", "packet of 10 pieces", "packet", "901831", 160),
    ("Hypodermic needle 24G", "box of 100 pieces", "box", "901832", 240),
    ("Pen needle 32G", "box of 100 pieces", "box", "901832", 1250),
    ("IV cannula 20G", "packet of 1 piece", "piece", "901839", 95),
    ("IV cannula 22G", "packet of 1 piece", "piece", "901839", 95),
    ("Infusion set", "packet of 1 piece", "piece", "901839", 110),
    ("Foley catheter 16 FG", "packet of 1 piece", "piece", "901839", 180),
    ("Absorbent cotton wool 500 g", "roll of 1 piece", "roll", "300590", 260),
    ("Gauze swab 10 cm", "packet of 100 pieces", "packet", "300590", 190),
    ("Crepe bandage 10 cm", "roll of 1 piece", "roll", "300590", 240),
    ("Adhesive plaster 5 cm", "roll of 1 piece", "roll", "300510", 150),
    ("Surgical gloves 7", "pair of 1 piece", "pair", "401512", 75),
    ("Surgical gloves 7.5", "pair of 1 piece", "pair", "401512", 75),
    ("Absorbable suture 2-0", "box of 12 pieces", "box", "300610", 3200),
    ("Surgical mask 3 ply", "box of 100 pieces", "box", "630790", 300),
    ("Digital thermometer", "box of 1 piece", "piece", "902519", 250),
    ("Blood glucose test strips", "box of 50 pieces", "box", "382219", 1150),
)


@dataclass(frozen=True)
class Generic:
    """One form of a substance, or of several together, in one strength."""

    names: tuple[str, ...]
    strengths: tuple[str, ...]
    form: str
    schedule: str
    marks: str
    hsn: str


def generics() -> Iterator[Generic]:
    """Every form and strength of the table, in its order."""
    for line in TABLE.strip().splitlines():
        name, schedule, marks, hsn, forms = line.split("|")
        names = tuple(part.strip() for part in name.split("+"))
        for part in forms.split(";"):
            letter, _blank, strengths = part.strip().partition(" ")
            for strength in strengths.split(","):
                amounts = tuple(amount.strip() for amount in strength.split("+"))
                yield Generic(names, amounts, FORMS[letter], schedule, marks, hsn)
