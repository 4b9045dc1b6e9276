#!/usr/bin/env python3
"""Writes products.jsonl, the sample catalog. Deterministic: the same vocabulary gives the same file.

    python3 samples/catalog/generate.py

Notation of the vocabulary files (one dictionary a product type):
  specs    "key: a|b|c; ..."   one of the values; "~" before the list: ordered, the dearer product takes the later value;
                               "+": two or more of them
  models   belong to one brand each, cheapest first; MODEL_SPECS below says what a model's name implies
  leads, details, fits         first, second and third sentence; "<key=a/b;key=c> text" only where the specifications say so,
                               "{key}" is replaced, "{x:a|b|c}" takes one by price
"""
import json
import pathlib
import random
import re

from vocabulary_electronics import TYPES as ELECTRONICS
from vocabulary_fashion import TYPES as FASHION
from vocabulary_home import TYPES as HOME

PER_TYPE = 13
HERE = pathlib.Path(__file__).parent

# What a model's name promises. "model" can also be asked for in a condition.
MODEL_SPECS = {
    "OEH": {"Studio One": "noise cancelling=passive", "Hush 3": "noise cancelling=active", "Quietline 500": "noise cancelling=active", "Quietline 700": "noise cancelling=adaptive"},
    "EAR": {"Pebble Sport": "water resistance=IP57"},
    "SBR": {"Stage 2.1": "channels=2.1;subwoofer=wired", "Stage 3.1": "channels=3.1;subwoofer=wireless", "Stage 5.1": "channels=5.1;subwoofer=wireless", "Aria Bar": "channels=2.0;subwoofer=built-in", "Aria Bar Compact": "channels=2.0;subwoofer=built-in;width=60 cm", "Horizon": "channels=5.1.2;subwoofer=wireless"},
    "PHN": {"Compact 5": "screen size=5.4\"", "Field 2": "water resistance=IP68", "S4": "screen size=6.1\"", "Nova 7 Pro": "screen size=6.7\""},
    "TAB": {"Slate 8": "screen size=8.0\";weight=310 g", "Slate 10": "screen size=10.1\";weight=460 g", "Slate 11 Pro": "screen size=11.0\";weight=490 g", "Canvas 12": "screen size=12.4\";weight=610 g;pen support=yes", "Folio": "screen size=10.1\";weight=460 g", "Folio Kids": "screen size=8.0\";weight=310 g;pen support=no"},
    "LAP": {"Feather 13": "screen size=13.3\";weight=0.99 kg;graphics=integrated", "Feather 14": "screen size=14\";weight=1.1 kg;graphics=integrated", "Workmate 15": "screen size=15.6\";weight=1.6 kg", "Workmate 16": "screen size=16\";weight=1.7 kg", "Atlas 16": "screen size=16\";weight=1.8 kg", "Forge 17": "screen size=17.3\";weight=2.3 kg;graphics=dedicated 12 GB", "Student 14": "screen size=14\";weight=1.4 kg;graphics=integrated", "Swing 2-in-1": "screen size=13.3\";weight=1.2 kg;graphics=integrated"},
    "MON": {"View 24": "screen size=23.8\"", "View 27": "screen size=27\"", "View 32": "screen size=31.5\"", "Canvas 27": "screen size=27\";colour space=Adobe RGB 99%", "Canvas 32": "screen size=31.5\";colour space=Adobe RGB 99%", "Arena 27": "screen size=27\";refresh rate=165 Hz", "Wide 34": "screen size=34\";resolution=3440 x 1440"},
    "KEY": {"Type 60": "keys=61;switches=tactile mechanical", "Type 75": "keys=84;switches=linear mechanical", "Type 100": "keys=104;switches=tactile mechanical", "Quiet Desk": "keys=104;switches=scissor", "Quiet Desk Mini": "keys=84;switches=scissor", "Split": "keys=61;switches=linear mechanical", "Traveller": "keys=84;switches=scissor"},
    "MOU": {"Upright": "shape=vertical", "Orb": "shape=trackball", "Glide": "shape=symmetric", "Glide S": "shape=symmetric;silent=yes", "Swift": "shape=symmetric;silent=no", "Swift Pro": "shape=symmetric;sensor=26000 dpi;silent=no", "Pebble Mouse": "shape=symmetric;silent=yes"},
    "ROU": {"Hub 3": "units=1;modem=none", "Hub 6": "units=1", "Mesh Duo": "units=2;modem=none", "Mesh Trio": "units=3;modem=none", "Gate Pro": "units=1;modem=none", "Cabin LTE": "units=1;modem=LTE"},
    "SSD": {"Chip Rugged": "drop resistance=3 m", "Vault": "encryption=AES-256", "Vault X": "encryption=AES-256", "Chip": "encryption=none", "Pocket Drive": "encryption=none"},
    "WAT": {"Day Mini": "case size=40 mm", "Summit": "GPS=multi-band", "Summit Solar": "GPS=multi-band;battery life=21 days", "Tide": "water resistance=10 ATM"},
    "CAM": {"Rush 4K": "video=4K 60", "Dive": "waterproof to=20 m", "Clip": "weight=35 g", "Clip 360": "field of view=360°"},
    "CHG": {"Cube": "ports=1", "Cube Duo": "ports=2;power=65 W", "Cube Quad": "ports=4;power=100 W", "Desk 140": "ports=3;power=140 W", "Flat": "ports=1", "Voyager": "ports=2"},
    "PWB": {"Brick 10": "capacity=10000 mAh", "Brick 20": "capacity=20000 mAh", "Slim": "capacity=5000 mAh;output=18 W", "Slim Mag": "capacity=5000 mAh;output=18 W", "Camp Solar": "capacity=20000 mAh", "Tank 27": "capacity=27000 mAh"},
    "TVS": {"Frame 43": "screen size=43\";resolution=4K", "Frame 55": "screen size=55\";resolution=4K", "Cinema 65": "screen size=65\";resolution=4K;panel=OLED", "Cinema 77": "screen size=77\";resolution=4K;panel=OLED", "Kitchen 24": "screen size=24\";resolution=HD;panel=LED", "Bright 50": "screen size=50\";resolution=4K;panel=Mini-LED"},
    "RUN": {"Ridge": "surface=trail;waterproof=no", "Ridge GTX": "surface=trail;waterproof=yes", "Tempo": "surface=road", "Tempo 3": "surface=road", "Long Haul": "surface=road", "Featherstep": "surface=track;weight=198 g", "Ground": "surface=trail"},
    "SNK": {"Canvas 77": "material=canvas", "Slipper": "closure=slip-on"},
    "HIK": {"Pass Mid": "height=mid", "Kamm": "height=high", "Old Trail": "material=full-grain leather"},
    "RJK": {"Pocket Shell": "weight=165 g", "Pier Long": "weight=610 g"},
    "DJK": {"Eider Hooded": "hood=yes", "Loft Vest": "hood=no", "Polar Coat": "weight=1100 g;warm to=-20 °C"},
    "SWE": {"Plain Merino": "material=merino wool;gauge=fine", "Cable": "gauge=chunky", "Fisher": "gauge=chunky", "Half Zip": "neck=half zip", "Skipper": "neck=roll neck"},
    "TSH": {"Heavy Tee": "weight=260 g/m²;material=organic cotton", "Sport Tee": "material=recycled polyester;weight=120 g/m²"},
    "JNS": {"Straight 01": "fit=straight", "Slim 02": "fit=slim", "Wide 04": "fit=wide leg", "High Rise": "rise=high"},
    "DRE": {"Linen Shirt Dress": "material=linen", "Evening": "material=recycled satin;length=maxi"},
    "LEG": {"Flow 7/8": "length=7/8;use=yoga", "Sprint Tight": "use=running", "Winter Tight": "use=winter running;length=full", "Yoga Pant": "use=yoga", "Flow": "use=everyday"},
    "BPK": {"Daypack 18": "volume=18 l", "Daypack 24": "volume=24 l", "Alpine 40": "volume=40 l;use=hiking", "Commuter": "use=city", "Commuter Roll": "use=cycling;water resistance=waterproof", "Weekender": "use=travel;volume=40 l"},
    "HBG": {"Tote": "size=large", "Small Tote": "size=small", "Clutch": "size=small;strap=short handle", "Crossbody": "strap=crossbody strap"},
    "BLT": {"Classic 30": "width=3 cm;material=leather;metal free=no", "Work 38": "width=3.8 cm;material=leather;metal free=no", "Braid": "material=woven elastic", "Web": "material=cotton webbing;buckle=plastic;metal free=yes", "Reversible": "material=leather;metal free=no"},
    "SCF": {"Big Square": "size=90 x 90 cm;material=silk", "Pashmina": "material=cashmere", "Tartan": "pattern=check;material=lambswool", "Fringe": "fringe=yes"},
    "BEA": {"Bobble": "pompom=yes", "Thin Run": "use=running;lining=none", "Ear Cover": "lining=fleece"},
    "ESP": {"Piccola": "type=capsule;grinder=none;milk=none", "Piccola Duo": "type=capsule;grinder=none;milk=automatic milk frother", "Barista One": "type=portafilter;grinder=built in;milk=steam wand", "Leva": "type=dual boiler;grinder=none;milk=steam wand", "Automatica": "type=fully automatic;grinder=built in;milk=none", "Automatica Milk": "type=fully automatic;grinder=built in;milk=automatic milk frother"},
    "KET": {"Swan": "spout=gooseneck;temperature control=no", "Swan Digital": "spout=gooseneck;temperature control=1 °C steps", "Glasswater": "material=glass", "Camp Kettle": "capacity=0.6 l", "Pour": "spout=gooseneck"},
    "MIX": {"Doughboy XL": "bowl=7 l", "Classic 5": "bowl=5.5 l", "Classic 7": "bowl=7 l", "Batter": "bowl=3.5 l"},
    "KNI": {"Gyuto": "blade length=21 cm", "Santoku": "blade length=18 cm", "Petty": "blade length=13 cm"},
    "PAN": {"Ironside": "material=cast iron;coating=none;weight=2.6 kg", "Copperline": "material=copper;coating=none;weight=1.3 kg", "Daily": "material=aluminium", "Daily Deep": "material=aluminium", "Crêpe": "material=carbon steel;coating=none"},
    "VAC": {"Stick 200": "type=cordless stick;weight=2.1 kg", "Stick 400": "type=cordless stick;weight=2.4 kg", "Workshop": "type=wet and dry;weight=6.2 kg", "Cyclo": "type=bagless", "Cyclo Pet": "type=bagless", "Hush Vac": "type=bagged;noise=58 dB"},
    "ROB": {"Rover Mop": "mop=yes", "Rover Map": "navigation=laser", "Rover": "mop=no", "Nook Station": "emptying station=yes"},
    "AIR": {"Pine 40": "room size=40 m²", "Pine 80": "room size=80 m²", "Nursery": "noise=19 dB", "Breeze Mini": "room size=15 m²"},
    "DLA": {"Arm Clamp": "mounting=clamp", "Mushroom": "mounting=foot", "Arm": "mounting=foot"},
    "CHA": {"Task Mesh": "back=mesh", "Director": "back=leather;armrests=fixed", "Kneel": "armrests=none;headrest=no"},
    "BOO": {"Stack Low": "height=85 cm;shelves=3", "Library": "height=205 cm;shelves=6", "Ladder": "back panel=no"},
    "DUV": {"Four Seasons": "warmth=all year", "Summer": "warmth=summer;weight=600 g", "Winter": "warmth=winter;weight=1900 g", "Cloud": "filling=goose down", "Wool": "filling=wool", "Duo": "warmth=all year"},
    "BED": {"Washed Linen": "material=linen", "Flannel": "material=cotton flannel", "Percale": "material=cotton", "Sateen": "material=cotton", "Jersey": "material=cotton"},
    "TOW": {"Terry Heavy": "weight=700 g/m²;material=cotton", "Swift Dry": "material=microfibre;weight=280 g/m²", "Hammam": "material=cotton;size=100 x 200 cm", "Waffle": "material=organic cotton;weight=280 g/m²"},
    "STO": {"Crate Lid": "lid=yes;material=recycled plastic", "Under Bed": "wheels=yes;volume=60 l", "Fold": "material=felt;wheels=no", "Basket": "material=rattan;wheels=no", "Tin": "material=metal;lid=yes;wheels=no", "Crate": "material=recycled plastic"},
    "DRI": {"Twist 12": "voltage=12 V", "Twist 18": "voltage=18 V", "Hammer 18": "voltage=18 V;hammer action=yes", "Brushless Pro": "motor=brushless", "Compact": "voltage=12 V;weight=0.9 kg"},
    "HOS": {"Flex Reel": "reel=trolley", "Wall Reel": "reel=wall reel", "Shrink": "reel=none", "Drip": "reel=none;nozzle=not included", "Flex": "reel=none"},
}

# Sentences that are true of one model only.
MODEL_LEADS = {
    "Split in two halves": ["Split"], "A travel keyboard that folds": ["Traveller"], "Flat enough to fit behind": ["Flat"], "A solar lid": ["Camp Solar"],
    "Clicks to the back of a phone": ["Slim Mag"], "Made for children: parental": ["Folio Kids"], "Rugged phone with": ["Field 2"], "Shows art while": ["Frame 43", "Frame 55"],
    "A mushroom of frosted": ["Mushroom"], "Stretches to {length} under": ["Shrink"], "Lets water out drop": ["Drip"], "A wrap that fits": ["Wrap No. 3"],
    "Striped like a Breton": ["Stripe"], "Black on one side": ["Reversible"], "A work belt": ["Work 38"], "Grows with the library": ["Stack", "Stack Low", "Cube"],
    "Leans on the wall": ["Ladder"], "Two layers button": ["Four Seasons", "Duo"], "Folds flat when it has": ["Fold"], "A waffle weave": ["Waffle"], "A hammam cloth": ["Hammam"],
    "An evening bag": ["Clutch"], "Hands-free all day": ["Crossbody", "Saddle"], "A long coat for harbour": ["Pier Long"], "The cap dock workers": ["Watch Cap"],
    "Goes round twice": ["Loop", "Fringe"], "A round classic": ["Round"], "Wraps around, so wind": ["Sport Shield"], "A short blade for hands": ["Petty"],
    "Covers {coverage} without": ["Hub 3", "Hub 6", "Mesh Duo", "Mesh Trio", "Gate Pro"], "A spare for the travel bag": ["Voyager"],
    "For dash, bike or boat": ["Trail"], "A {weight} clip-on": ["Clip", "Clip 360"], "Deep enough for a stew": ["Daily Deep"],
    "Brass where it matters": ["Leva"], "Small enough for a bedside": ["Breeze Mini", "Nursery"], "For swimmers": ["Tide"],
    "A compact bar for": ["Aria Bar Compact"], "Height speakers reflect": ["Horizon"], "For festivals and power cuts": ["Tank 27", "Brick 20"],
    "A silent office notebook": ["Feather 13", "Feather 14", "Student 14"], "Calibrated at the factory": ["Canvas 27", "Canvas 32"],
    "A matt {screen size} screen": ["Workmate 15", "Workmate 16"], "A plain office monitor": ["View 24", "View 27"], "The large display and": ["Nova 7 Pro", "Edge 12"],
    "Cabin size on every": ["Weekender"], "A {screen size} set for": ["Kitchen 24", "Bright 50"], "A director's chair": ["Director"], "A thin frame on three": ["View 24", "View 27", "View 32"],
    "A {weight} laptop for": ["Feather 13", "Feather 14", "Swing 2-in-1"], "Goes up without screws": ["Stack", "Cube", "Corner"], "Made for calls as much": ["Drift Pro", "Hush 3", "Cadence"],
}

# A key that makes no sense beside another: (type, key, condition under which it stays).
KEEP_ONLY = [
    ("VAC", "battery life", "type=cordless stick"), ("OEH", "foldable", "noise cancelling=active/adaptive"), ("HBG", "pockets", "size=medium/large"),
    ("DJK", "fill power", "filling=duck down/goose down"), ("ESP", "pressure", "type=capsule/portafilter/dual boiler"), ("STO", "stackable", "lid=yes"),
]

REGION_SPECS = {"voltage": {"EU": "230 V", "US": "120 V"}, "plug": {"EU": "EU", "US": "US"}, "tuner": {"EU": "DVB-T2, cable, satellite", "US": "ATSC 3.0"}}
PLUG_BOUND = {"ESP", "KET", "MIX", "CHG", "TVS"}
LAYOUTS = {"EU": ["QWERTY UK", "QWERTZ", "AZERTY"], "US": ["QWERTY US"]}


def parse_specs(text):
    for part in text.split("; "):
        key, values = part.split(": ", 1)
        kind = values[0] if values[0] in "~+" else ""
        yield key, kind, values[len(kind):].split("|")


def holds(condition, specs):
    for clause in condition.split(";"):
        key, values = clause.split("=", 1)
        options = values.split("/") if key != "length" else [values]
        if specs.get(key, [""])[0] not in options:
            return False
    return True


def sentences(pool, specs, model):
    chosen, own = [], []
    for text in pool:
        condition, text = re.match(r"(?:<([^>]*)> )?(.*)", text).groups()
        if condition and not holds(condition, specs):
            continue
        bound = next((models for start, models in MODEL_LEADS.items() if text.startswith(start)), None)
        if bound:
            if model in bound:
                own.append(text)
            continue
        if all(key in specs for key in re.findall(r"\{([^:}]+)\}", text)):
            (own if condition else chosen).append(text)
    return own, chosen


def fill(text, specs, tier, **extra):
    text = re.sub(r"\{x:([^}]*)\}", lambda m: m[1].split("|")[min(int(tier * len(m[1].split("|"))), len(m[1].split("|")) - 1)], text)
    return re.sub(r"\{([^}]*)\}", lambda m: extra.get(m[1]) or specs[m[1]][0], text)


def nice_price(value):
    if value < 60:
        return int(value) + random.Random(int(value * 100)).choice([.49, .90, .95, .99])
    if value < 300:
        return int(value / 5) * 5 + 4.90 if int(value) % 2 else int(value / 5) * 5 + 4
    return int(value / 10) * 10 + 9.00


def make_specs(kind, model, tier, region, rng):
    specs = {}
    for key, mode, values in parse_specs(kind["specs"]):
        if mode == "~":
            position = min(max(tier + rng.uniform(-.12, .12), 0), .999)
            specs[key] = [values[int(position * len(values))]]
        elif mode == "+":
            count = rng.randint(min(2, len(values)), len(values))
            specs[key] = [v for v in values if v in set(rng.sample(values, count))]
        elif key in REGION_SPECS and kind["code"] in PLUG_BOUND:
            specs[key] = [REGION_SPECS[key][region]]
        elif values[0] in LAYOUTS["US"] + LAYOUTS["EU"]:
            specs[key] = [rng.choice(LAYOUTS[region] if region != "BOTH" else LAYOUTS["US"])]
        else:
            specs[key] = [rng.choice(values)]
    for clause in filter(None, MODEL_SPECS.get(kind["code"], {}).get(model, "").split(";")):
        key, value = clause.split("=", 1)
        specs[key] = [value]
    for code, key, condition in KEEP_ONLY:
        if code == kind["code"] and not holds(condition, specs):
            specs.pop(key, None)
    if kind["code"] == "PHN" and specs["water resistance"][0] == "IP68":
        specs["headphone jack"] = ["no"]
    return specs


def describe(kind, specs, model, tier, index, rng, used):
    return next(text for text in (describe_once(kind, specs, model, tier, index + k, rng) for k in range(40)) if text not in used and not used.add(text))


def describe_once(kind, specs, model, tier, index, rng):
    own, common = sentences(kind["leads"], specs, model)
    leads = own + common if index % 3 else common + own
    lead = leads[index % len(leads)] if not (own and rng.random() < .6) else own[index % len(own)]
    parts = [lead]
    own, common = sentences(kind["details"], specs, model)
    details = own + common
    if rng.random() < .85:
        parts.append(details[(index * 5 + rng.randint(0, 2)) % len(details)])
    own, common = sentences(kind["fits"], specs, model)
    if rng.random() < .55:
        parts.append((own + common)[(index * 7 + rng.randint(0, 1)) % len(own + common)])
    return " ".join(fill(p, specs, tier) for p in parts)


def date(rng, first, last):
    month = rng.randint(first, last)
    return f"{2023 + month // 12}-{month % 12 + 1:02d}-{rng.randint(1, 28):02d}"


def access_kind(position):
    """Of every 50 products: 7 internal, 3 confidential, the rest public."""
    slot = (position * 17) % 50
    return "internal" if slot < 7 else "confidential" if slot < 10 else "public"


def public_groups(area, region, rng):
    roll = rng.random()
    if roll < .06 and region in ("EU", "BOTH"):
        return ["eu-retail"]
    if roll < .06 + .05 and region in ("US", "BOTH"):
        return ["us-wholesale"]
    if area == "Electronics" and roll < .17:
        return ["partners"] if roll < .15 else ["partners", "us-wholesale"]
    return ["everyone"]


def apply_access(product, area, region, position, rng):
    level = access_kind(position)
    access = {"level": level, "groups": ["everyone"], "restrictedRegions": []}
    if level == "public":
        access["groups"] = public_groups(area, region, rng)
    elif level == "confidential":
        access["groups"] = rng.choice([["everyone"], ["administrators"]])
        product["name"] += " (2027)"
        product["description"] = "Planned for the 2027 line-up; not announced yet. " + product["description"]
        product["availability"] = "unknown"
        product["reviews"] = {"average": 0, "count": 0}
        product.pop("releasedAt", None)
    else:
        access["groups"] = internal(product, area, region, rng)
    if product["bound"] and rng.random() < .6:
        access["restrictedRegions"] = ["US" if region == "EU" else "EU"]
    elif area == "Electronics" and region == "BOTH" and rng.random() < .08:
        access["restrictedRegions"] = [rng.choice(["EU", "US"])]
        product["description"] += f" Not licensed for sale in the {'European Union' if access['restrictedRegions'] == ['EU'] else 'United States'}."
    product["access"] = access


def internal(product, area, region, rng):
    sort = rng.choice(["prototype", "bundle", "b-stock"]) if region in ("US", "BOTH") else rng.choice(["prototype", "b-stock"])
    if sort == "prototype":
        product["name"] += ", engineering sample"
        product["description"] = "Engineering sample, not for sale; feedback goes to the product team. " + product["description"]
        product["availability"] = "preorder"
        product["releasedAt"] = date(rng, 47, 47)
        product["reviews"] = {"average": 0, "count": 0}
        return rng.choice([["everyone"], ["partners"]]) if area == "Electronics" else ["everyone"]
    if sort == "bundle":
        count = rng.choice([6, 12, 24])
        product["name"] += f", case of {count}"
        product["description"] = f"Wholesale case of {count}, single products not marked for retail. " + product["description"]
        product["price"] = {"amount": round(product["price"]["amount"] * count * .76, 2), "currency": "USD"}
        product["regions"] = ["US"]
        product["specifications"]["units per case"] = [str(count)]
        product["reviews"] = {"average": 0, "count": 0}
        return ["partners", "us-wholesale"] if area == "Electronics" and rng.random() < .5 else ["us-wholesale"]
    product["name"] += ", B-stock"
    product["description"] += " B-stock: the box was opened, the product checked and complete; small marks are possible."
    product["price"]["amount"] = round(product["price"]["amount"] * .7, 2)
    product["specifications"]["condition"] = ["B-stock"]
    return ["everyone"]


def product(kind, index, position, used):
    rng = random.Random(f"{kind['code']}-{index}")
    models, brands = kind["models"].split(", "), kind["brands"].split(", ")
    model = models[index % len(models)]
    brand = brands[(index % len(models)) % len(brands)]
    area = kind["path"].split(" / ")[0]
    tier = min(max((index % len(models) + rng.uniform(0, 1)) / len(models), 0), .999)
    bound = kind["code"] in PLUG_BOUND
    region = rng.choice(["EU", "US"]) if bound else rng.choices(["EU", "US", "BOTH"], [35, 30, 35])[0]
    specs = make_specs(kind, model, tier, region, rng)
    low, high = kind["price"]
    amount = nice_price(low * (high / low) ** min(max(tier + rng.uniform(-.06, .06), 0), 1))
    names = kind["names"]
    candidates = [names[(index + k) % len(names)] for k in range(len(names))]
    candidates += [c + ", {" + key + "}" for c in candidates for key in ("colour", "size", "sizes", "frame colour", "blade length", "volume", "weight", "power") if key in specs and "{" + key + "}" not in c]
    name = next(n for n in (fill(c, specs, tier, b=brand, m=model) for c in candidates) if n not in used)
    used.add(name)
    availability = rng.choices(["in_stock", "low_stock", "preorder", "out_of_stock", "discontinued"], [70, 12, 5, 9, 4])[0]
    count = 0 if availability == "preorder" or rng.random() < .12 else int(rng.lognormvariate(3.8, 1.3)) + 1
    area_code = {"Electronics": "EL", "Fashion": "FA", "Home": "HO"}[area]
    sku = f"{area_code}-{kind['code']}-{index + 1:03d}"
    item = {
        "sku": sku, "name": name, "description": describe(kind, specs, model, tier, index, rng, used), "brand": brand, "productType": kind["cls"],
        "categoryPath": kind["path"].split(" / ") + [kind["cls"]],
        "price": {"amount": round(float(amount), 2), "currency": "EUR" if region == "EU" or (region == "BOTH" and rng.random() < .5) else "USD"},
        "availability": availability, "regions": ["EU", "US"] if region == "BOTH" else [region],
        "reviews": {"average": round(min(max(rng.gauss(4.2, .38), 2.3), 4.9), 1) if count else 0, "count": count},
        "releasedAt": date(rng, 47, 47) if availability == "preorder" else date(rng, 0, 14) if availability == "discontinued" else date(rng, 3, 45),
        "url": f"https://shop.example.com/p/{sku.lower()}", "imageUrl": f"https://shop.example.com/images/{sku.lower()}.jpg",
        "specifications": specs, "bound": bound,
    }
    apply_access(item, area, region, position, rng)
    del item["bound"]
    return item


def main():
    used, products = set(), []
    for kind in ELECTRONICS + FASHION + HOME:
        products += [product(kind, index, len(products) + index, used) for index in range(PER_TYPE)]
    with open(HERE / "products.jsonl", "w", encoding="utf-8", newline="\n") as out:
        for item in products:
            out.write(json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
