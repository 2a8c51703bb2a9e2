using System.Globalization;

namespace Gongji.Ledger;

/// <summary>One notice of a pair: the debtor gets it as payable (应付), the creditor as receivable (应收); the amount in fen.</summary>
public readonly record struct ClearingNotice(string Number, int Debtor, int Creditor, long AmountFen);

/// <summary>The national statement of a month: what provinces owe each other for its closed days, and who has signed it.</summary>
public sealed class Statement
{
    private ClearingAccount _signatures;

    /// <param name="month">The month, <c>YYYY-MM</c>.</param>
    /// <param name="table">The figures of its closed days.</param>
    /// <param name="openDay">The first day that is not closed.</param>
    /// <param name="basis">How its last day is settled, or as is set now while that is open.</param>
    /// <param name="signatures">The month's account.</param>
    public Statement(string month, ClearingTable table, DateOnly openDay, ClearingBasis basis, ClearingAccount signatures)
    {
        (Month, Basis, National, _signatures) = (month, basis, table.National, signatures);
        IsComplete = LastDayOf(month) < openDay;
    }

    public string Month { get; }

    public ClearingBasis Basis { get; }

    /// <summary>Every day of the month is closed: the figures never change again.</summary>
    public bool IsComplete { get; }

    public IReadOnlyList<LevelFigure> National { get; }

    /// <summary>The provinces in the table, which all have to sign.</summary>
    public IReadOnlyList<int> Provinces => [.. National.SelectMany(figure => new[] { figure.From, figure.To }).Distinct().Order()];

    /// <summary>Who has signed, and when, in order.</summary>
    public IEnumerable<(int Province, DateTimeOffset At)> Signatures =>
        _signatures.Entries.Where(entry => entry.Detail is StatementSignature).Select(entry => (((StatementSignature)entry.Detail!).Province, entry.At));

    /// <summary>Every province has signed a complete table.</summary>
    public bool IsSigned => IsComplete && Provinces.All(province => SignedBy(province) is not null);

    /// <summary>The notices of a statement that all have signed; none before.</summary>
    public IReadOnlyList<ClearingNotice> Notices => !IsSigned ? [] :
    [
        .. National.Select(figure => (figure.From, figure.To, Fen: Basis == ClearingBasis.Gross ? figure.GrossFen : figure.NetFen))
            .Where(debt => debt.Fen > 0)
            .Select(debt => new ClearingNotice(
                string.Create(CultureInfo.InvariantCulture, $"{Month}-{debt.From:D2}-{debt.To:D2}"), debt.From, debt.To, debt.Fen)),
    ];

    /// <summary>When a province signed; null when it has not.</summary>
    public DateTimeOffset? SignedBy(int province)
    {
        foreach ((int signed, DateTimeOffset at) in Signatures)
        {
            if (signed == province)
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>The same statement with other signatures.</summary>
    public Statement With(ClearingAccount signatures)
    {
        Statement statement = (Statement)MemberwiseClone();
        statement._signatures = signatures;
        return statement;
    }

    /// <summary>The month of a day, <c>YYYY-MM</c>.</summary>
    public static string MonthOf(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The first day of a month, <c>YYYY-MM</c>.</summary>
    public static DateOnly FirstDayOf(string month) => DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Its last day.</summary>
    public static DateOnly LastDayOf(string month)
    {
        DateOnly first = FirstDayOf(month);
        return new DateOnly(first.Year, first.Month, DateTime.DaysInMonth(first.Year, first.Month));
    }
}
