"""The acquirer and the bank: they close a day, and hand over the files of it.

Pure but for the folder that the files are put into: what there is to settle comes from a function that is injected, so
that a test may settle what never passed through the gateway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sandbox.bank import files
from sandbox.bank.account import MerchantAccount
from sandbox.bank.acquirer import Draft, spoil_lines
from sandbox.bank.delivering import deliver
from sandbox.bank.disorders import CREDIT_KINDS, FILE_KINDS, STATEMENT_KINDS, Disorders, Kind
from sandbox.bank.files import BankFile
from sandbox.bank.movements import Movement, What, without_what_came_to_nothing
from sandbox.bank.papers import AcquirerPaper, BankPaper, Credit, Entry, Line, Total, banking_day_after
from sandbox.bank.settings import BankSettings
from sandbox.gateway.merchants import Merchant
from sandbox.gateway.settings import Unusable
from sandbox.shelf import NoShelf, Shelf

_MOST_DAYS = 400
"""That are closed at once."""
_FILES, _ACCOUNTS, _SETTINGS, _SETTLED = "bank_file", "bank_account", "bank_settings", "bank_settled"


class Bank:
    """The acquirer and the bank of every merchant. One thread."""

    def __init__(
        self,
        *,
        merchants: Callable[[], Sequence[Merchant]],
        movements: Callable[[], Sequence[Movement]],
        charge_back: Callable[[Movement, float], Movement | None] = lambda _movement, _at: None,
        shelf: Shelf | None = None,
        folder: Path | None = None,
        seed: int = 0,
    ) -> None:
        self._merchants = merchants
        self._movements = movements
        self._charge_back = charge_back
        self._shelf = shelf or NoShelf()
        self.folder = folder
        """Where the files are put; None: they are only handed over by HTTP."""
        self.disorders = Disorders(seed=seed, shelf=self._shelf)
        self._settings = {row["merchant"]: BankSettings.from_row(row) for row in self._shelf.rows(_SETTINGS)}
        self._accounts = {row["merchant"]: MerchantAccount.from_row(row) for row in self._shelf.rows(_ACCOUNTS)}
        for row in self._shelf.rows(_SETTLED):
            self._accounts[row["merchant"]].settled.update(row["sequences"])
        self._files = {row["name"]: BankFile.from_row(row) for row in self._shelf.rows(_FILES)}

    # What may be set

    def settings(self) -> list[BankSettings]:
        """Of every merchant, in the order in which the gateway knows them."""
        return [self._settings_of(each) for each in self._merchants()]

    def settings_of(self, user_name: str) -> BankSettings:
        """Raises Unusable when there is no such merchant."""
        return self._settings_of(self._merchant(user_name))

    def use(self, settings: BankSettings) -> None:
        """From the next day that is closed."""
        self._settings[settings.merchant] = settings
        self._shelf.put(_SETTINGS, settings.merchant, settings.to_row())

    def balance_of(self, user_name: str) -> int:
        """What the merchant's account holds, in centimes."""
        return self._account(self._merchant(user_name)).balance_centimes

    # Files

    def files(self) -> list[BankFile]:
        """In the order in which they were handed over."""
        return list(self._files.values())

    def find_file(self, name: str) -> BankFile | None:
        return self._files.get(name)

    # Days

    def close_day(self, day: date, *, merchant: str = "") -> list[BankFile]:
        """Closes this day, and those before it that are still open; returns the files that it handed over.

        Safe to repeat: a closed day stays closed, and hands nothing over again.

        Raises:
            Unusable: there is no such merchant.
        """
        wanted = [self._merchant(merchant)] if merchant else list(self._merchants())
        movements = self._movements()
        handed: list[BankFile] = []
        with self._shelf.together():
            for each in wanted:
                of_it = [one for one in movements if one.merchant == each.user_name]
                for open_day in self._open_days(each, day, of_it):
                    handed += self._close(each, open_day, of_it)
        return handed

    def reset(self) -> None:
        """As on the first day, with the same contracts; the shelf was cleared before. The folder is left alone."""
        self.disorders.reset()
        self._accounts.clear()
        self._files.clear()
        for each in self._settings.values():
            self.use(each)

    # Inside

    def _merchant(self, user_name: str) -> Merchant:
        found = next((each for each in self._merchants() if each.user_name == user_name), None)
        if found is None:
            raise Unusable(f"There is no merchant {user_name!r}.")
        return found

    def _settings_of(self, merchant: Merchant) -> BankSettings:
        known = self._settings.get(merchant.user_name)
        if known is not None:
            return known
        digits = "".join(sign for sign in merchant.user_name if sign.isdigit())[-17:]
        # No bank in Algeria has the number 999.
        return BankSettings(merchant=merchant.user_name, account=f"999{digits.rjust(17, '0')}")

    def _account(self, merchant: Merchant) -> MerchantAccount:
        opening = self._settings_of(merchant).opening_centimes
        fresh = MerchantAccount(merchant=merchant.user_name, balance_centimes=opening)
        return self._accounts.setdefault(merchant.user_name, fresh)

    def _open_days(self, merchant: Merchant, day: date, movements: Sequence[Movement]) -> list[date]:
        last = self._account(merchant).last_day
        if last is None:
            last = min([day, *(each.day for each in movements)]) - timedelta(days=1)
        count = min((day - last).days, _MOST_DAYS)
        return [day - timedelta(days=back) for back in range(count - 1, -1, -1)]

    def _close(self, merchant: Merchant, day: date, movements: Sequence[Movement]) -> list[BankFile]:
        account = self._account(merchant)
        handed, account.late = account.late, []
        handed += self._settle(merchant, account, day, movements)
        handed += self._state(merchant, account, day)
        handed = [self._under_its_own_name(each) for each in handed]
        account.last_day = day
        self._shelf.put(_ACCOUNTS, merchant.user_name, account.to_row())
        for each in handed:
            self._hand_over(each)
        return handed

    def _under_its_own_name(self, file: BankFile) -> BankFile:
        """Two merchants with one terminal would send files of one name."""
        there = self._files.get(file.name)
        if there is None or there.merchant == file.merchant:
            return file
        return files.again(file, self._number_of(file.merchant))

    def _hand_over(self, file: BankFile) -> None:
        self._files[file.name] = file
        self._shelf.put(_FILES, file.name, file.to_row())
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / file.name).write_bytes(file.content)

    # The acquirer's side

    def _settle(
        self, merchant: Merchant, account: MerchantAccount, day: date, movements: Sequence[Movement]
    ) -> list[BankFile]:
        settings = self._settings_of(merchant)
        kinds: Sequence[Kind] = FILE_KINDS
        if any(each.waits_for_the_next for each in account.credits):
            # The one sum for several days would hold a day that nobody knows.
            kinds = [kind for kind in kinds if kind is not Kind.MISSING_FILE]
        fate = self._first_that_strikes(kinds, merchant, day)
        fresh = [each for each in movements if each.day <= day and each.sequence not in account.settled]
        draft = Draft(
            settings=settings,
            day=day,
            lines=[Line.of(each, settings) for each in without_what_came_to_nothing(fresh)],
            touched=set(account.touched),
        )
        known = {each.sequence for each in fresh}
        if fate is Kind.MISSING_FILE:
            # What is in it is never seen: nothing else can be told apart there.
            draft.touched |= known
        else:
            draft.lines = [*account.due_lines(day), *draft.lines]
            earlier = self._disputable(account, day, movements)
            spoil_lines(draft, self.disorders, earlier=earlier, charge_back=self._charge_back)
        account.held += draft.held
        account.touched = draft.touched
        self._note_settled(account, day, known | {each.movement.sequence for each in draft.lines})
        paper = AcquirerPaper(
            merchant=merchant.user_name,
            day=day,
            lines=tuple(draft.lines),
            total=Total.of(draft.lines),
            remittance=self._remittance(merchant, day),
            value_on=banking_day_after(day, settings),
        )
        self._promise_credit(merchant, account, paper, spoil=fate is not Kind.MISSING_FILE)
        return self._delivered(merchant, account, paper, fate)

    def _disputable(self, account: MerchantAccount, day: date, movements: Sequence[Movement]) -> Sequence[Movement]:
        """Payments of earlier days that nothing has happened to since."""
        if not self.disorders.strikes(Kind.CHARGEBACK, merchant=account.merchant, day=day):
            return ()
        gone = {each.reference for each in movements if each.what is not What.PAYMENT}
        return [
            each
            for each in movements
            if each.day < day
            and each.what is What.PAYMENT
            and each.sequence in account.settled
            and each.sequence not in account.touched
            and each.reference not in gone
        ]

    def _note_settled(self, account: MerchantAccount, day: date, sequences: set[int]) -> None:
        new = sequences - account.settled
        account.settled |= new
        row = {"merchant": account.merchant, "sequences": sorted(new)}
        self._shelf.put(_SETTLED, f"{account.merchant} {day}", row)

    def _remittance(self, merchant: Merchant, day: date) -> str:
        return f"R{day:%y%m%d}{self._number_of(merchant.user_name)}"

    def _number_of(self, user_name: str) -> str:
        names = [each.user_name for each in self._merchants()]
        return f"{names.index(user_name) + 1:03d}"

    def _delivered(
        self, merchant: Merchant, account: MerchantAccount, paper: AcquirerPaper, fate: Kind | None
    ) -> list[BankFile]:
        said = paper.total.net
        if fate is Kind.WRONG_TOTAL:
            said += self.disorders.dice(fate, merchant=merchant.user_name, day=paper.day).randint(1, 90_000)
        written = replace(paper, total=replace(paper.total, net=said))
        file = files.acquirer_file(written, self._settings_of(merchant), terminal=merchant.terminals[0])
        sums = (paper.total.net, said) if fate is Kind.WRONG_TOTAL else (None, None)
        return self._with_its_fate(fate, account, file, remittance=paper.remittance, sums=sums)

    def _with_its_fate(
        self,
        fate: Kind | None,
        account: MerchantAccount,
        file: BankFile,
        *,
        remittance: str = "",
        sums: tuple[int | None, int | None] = (None, None),
    ) -> list[BankFile]:
        """What is handed over of a file today; the rest waits for the next day. `sums`: the right and the wrong one."""
        if fate is None:
            return [file]
        dice = self.disorders.dice(f"{fate} file", merchant=file.merchant, day=file.day)
        handed, late = deliver(fate, file, dice)
        account.late += late
        self.disorders.note(
            fate,
            merchant=file.merchant,
            day=file.day,
            file=handed[-1].name if handed else file.name,
            remittance=remittance,
            right_centimes=sums[0],
            wrong_centimes=sums[1],
            until=file.day + timedelta(days=1) if late else None,
        )
        return handed

    # The bank's side

    def _promise_credit(
        self, merchant: Merchant, account: MerchantAccount, paper: AcquirerPaper, *, spoil: bool
    ) -> None:
        waiting = [each for each in account.credits if each.waits_for_the_next]
        if not paper.lines and not waiting:
            return
        account.credits = [each for each in account.credits if not each.waits_for_the_next]
        own = (paper.remittance,) if paper.lines else ()
        credit = Credit(
            remittances=(*(number for each in waiting for number in each.remittances), *own),
            centimes=paper.total.net + sum(each.centimes for each in waiting),
            due_on=paper.value_on,
        )
        fate = self._first_that_strikes(CREDIT_KINDS, merchant, paper.day)
        if fate is None or not spoil or waiting or not credit.centimes:
            account.credits.append(credit)
            return
        right, wrong = credit.centimes, credit.centimes
        match fate:
            case Kind.SEVERAL_DAYS:
                account.credits.append(replace(credit, waits_for_the_next=True))
            case Kind.CHANGED_CREDIT:
                dice = self.disorders.dice(fate, merchant=merchant.user_name, day=paper.day)
                wrong = right - dice.randint(1, 50_000)
                account.credits.append(replace(credit, centimes=wrong))
            case _:
                wrong = 0
        self.disorders.note(
            fate,
            merchant=merchant.user_name,
            day=paper.day,
            remittance=paper.remittance,
            right_centimes=right,
            wrong_centimes=wrong,
        )

    def _state(self, merchant: Merchant, account: MerchantAccount, day: date) -> list[BankFile]:
        """The bank's statement of the day."""
        settings = self._settings_of(merchant)
        entries = [
            Entry(label=each.label, reference=each.reference, centimes=each.centimes)
            for each in account.due_credits(day)
            if each.centimes
        ]
        entries += self._unknown_credit(merchant, day)
        opening = account.balance_centimes
        account.balance_centimes += sum(each.centimes for each in entries)
        account.statements += 1
        paper = BankPaper(
            merchant=merchant.user_name,
            account=settings.account,
            day=day,
            number=account.statements,
            opening=opening,
            entries=tuple(entries),
            closing=account.balance_centimes,
        )
        fate = self._first_that_strikes(STATEMENT_KINDS, merchant, day)
        if fate is not Kind.WRONG_BALANCE:
            return self._with_its_fate(fate, account, files.bank_file(paper, settings))
        dice = self.disorders.dice(fate, merchant=merchant.user_name, day=day)
        wrong = replace(paper, closing=paper.closing + dice.randint(1, 90_000))
        sums = (paper.closing, wrong.closing)
        return self._with_its_fate(fate, account, files.bank_file(wrong, settings), sums=sums)

    def _unknown_credit(self, merchant: Merchant, day: date) -> list[Entry]:
        kind = Kind.UNKNOWN_CREDIT
        if not self.disorders.strikes(kind, merchant=merchant.user_name, day=day):
            return []
        dice = self.disorders.dice(kind, merchant=merchant.user_name, day=day)
        reference, centimes = f"R{day:%y%m%d}{dice.randint(900, 999)}", dice.randint(10_000, 900_000)
        self.disorders.note(
            kind, merchant=merchant.user_name, day=day, remittance=reference, right_centimes=0, wrong_centimes=centimes
        )
        return [Entry(label=f"REMISE CARTES {reference}", reference=reference, centimes=centimes)]

    def _first_that_strikes(self, kinds: Sequence[Kind], merchant: Merchant, day: date) -> Kind | None:
        strikes = self.disorders.strikes
        return next((kind for kind in kinds if strikes(kind, merchant=merchant.user_name, day=day)), None)
