"""Names for the people of the demonstration, from many places, each given once."""

import random
from collections.abc import Iterator

GIVEN = """
Aaliyah Adaeze Agnes Ahmed Aiko Alejandra Amir Ana Anders Anjali Antoine Arjun Astrid
Ayesha Benedikt Bilal Björn Camila Carlos Chidi Chiara Chen Claire Daniel Deepa Diego
Dmitri Ebba Elena Emeka Emma Esra Eva Farid Fatima Femi Finn Freya Gabriel Giulia Grace
Hana Hassan Helena Hiroshi Ibrahim Ida Imani Ingrid Isabel Ivan Jamal Jana Javier Jiho
João Joseph Julia Kadir Karin Kavita Kofi Kwame Lars Laura Layla Leila Liam Lin Lucía
Luca Magnus Maria Marek Marta Mateo Maya Mei Miriam Mohamed Naomi Nadia Nikos Nina Noah
Oluwaseun Omar Oskar Paola Pavel Petra Priya Rafael Rania Ravi Rosa Ruth Samir Sana
Santiago Sara Selin Sofia Stefan Sunita Tariq Thandiwe Tomasz Uma Viktor Wanjiru Wei Xin
Yara Yusuf Zainab Zoë
""".split()  # noqa: SIM905 - a list of names reads best as text
FAMILY = """
Abebe Adeyemi Ahmadi Andersson Bakker Banerjee Bauer Becker Bergström Bianchi Blanc
Boateng Castillo Chaudhry Chen Christou Costa Dahl Das Demir Diallo Dlamini Dubois
Eriksen Farouk Fernández Fischer Fontaine García Ghosh Gómez Haddad Hansen Hoang Horváth
Ivanova Jansen Jensen Joshi Kamara Kaya Khalil Kim Kovács Kowalska Kruger Larsen
Lefebvre Lim Lindqvist Lopes Mahmoud Martín Mbeki Mensah Meyer Moreau Morales Mwangi
Nagy Nakamura Ncube Nguyen Novák Nowak Nwosu Okafor Olsen Osei Papadopoulos Park
Patel Pereira Petrov Popescu Rahman Ramírez Rao Rossi Saito Salazar Santos Schneider
Sharma Silva Singh Sørensen Suzuki Takahashi Tanaka Torres Traoré Usman Vargas Vega
Virtanen Vogel Wang Weber Wong Yamamoto Yilmaz Zhang Zulu
""".split()  # noqa: SIM905 - a list of names reads best as text


def names(rng: random.Random) -> Iterator[str]:
    """Names in a random order, none twice."""
    given: set[str] = set()
    while True:
        name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
        if name not in given:
            given.add(name)
            yield name
