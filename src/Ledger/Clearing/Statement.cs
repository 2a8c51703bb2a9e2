using System.Globalization;

namespace Gongji.Ledger;

/// <summary>One notice of a pair: the debtor gets it as payable (应付), the creditor as receivable (应收); the amount in fen.</summary>
public readonly record struct ClearingNotice(string Number, int Debtor, int Creditor, long AmountFen);

/// <summary>The national statement of a month: what provinces owe each other for its closed days, and who has signed it.</summary>
/// <remarks>
/// Days are settled one by one, between regions, so the month's figures are sums of the days' figures. If the days were summed first, what went back on one day would be deducted
/// from what is owed, and paid, for another.
/// </remarks>
public sealed class Statement
{
    /// <summary>What is to be paid for the days, by debtor and creditor: summed from region to region, each day by its own basis.</summary>
    private readonly SortedDictionary<(int From, int To), long> _dueFen = [];
    private ClearingAccount _signatures;

    /// <param name="month">The month, <c>YYYY-MM</c>.</param>
    /// <param name="days">The figures of its closed days, and how each is settled.</param>
    /// <param name="openDay">The first day that is not closed.</param>
    /// <param name="basis">How the month's last day is settled; while that day is open, the current setting.</param>
    /// <param name="signatures">The month's account.</param>
    public Statement(string month, IEnumerable<(ClearingTable Table, ClearingBasis Basis)> days, DateOnly openDay, ClearingBasis basis, ClearingAccount signatures)
    {
        (Month, Basis, _signatures) = (month, basis, signatures);
        IsComplete = LastDayOf(month) < openDay;
        SortedDictionary<(int From, int To), LevelFigure> national = [];
        foreach ((ClearingTable table, ClearingBasis settled) in days)
        {
            foreach (LevelFigure day in table.National)
            {
                LevelFigure figure = national.GetValueOrDefault((day.From, day.To));
                national[(day.From, day.To)] = day with { GrossFen = checked(figure.GrossFen + day.GrossFen), NetFen = checked(figure.NetFen + day.NetFen) };
            }

            foreach (PairFigure pair in table.Pairs.Where(pair => pair.From.Province != pair.To.Province))
            {
                (int, int) provinces = (pair.From.Province, pair.To.Province);
                _dueFen[provinces] = checked(_dueFen.GetValueOrDefault(provinces) + table.OwedFen(pair.From, pair.To, settled));
            }
        }

        National = [.. national.Values];
    }

    public string Month { get; }

    public ClearingBasis Basis { get; }

    /// <summary>Whether every day of the month is closed, so that the figures never change again.</summary>
    public bool IsComplete { get; }

    /// <summary>The figures of the days, summed up.</summary>
    public IReadOnlyList<LevelFigure> National { get; }

    /// <summary>The provinces in the table, which all have to sign.</summary>
    public IReadOnlyList<int> Provinces => [.. National.SelectMany(figure => new[] { figure.From, figure.To }).Distinct().Order()];

    /// <summary>The provinces that have signed, and when, in order.</summary>
    public IEnumerable<(int Province, DateTimeOffset At)> Signatures =>
        _signatures.Entries.Where(entry => entry.Detail is StatementSignature).Select(entry => (((StatementSignature)entry.Detail!).Province, entry.At));

    /// <summary>Whether every province has signed a complete table.</summary>
    public bool IsSigned => IsComplete && Provinces.All(province => SignedBy(province) is not null);

    /// <summary>The notices of a statement that all provinces have signed; none before that.</summary>
    public IReadOnlyList<ClearingNotice> Notices => !IsSigned ? [] :
    [
        .. _dueFen.Where(due => due.Value > 0).Select(due => new ClearingNotice(
            string.Create(CultureInfo.InvariantCulture, $"{Month}-{due.Key.From:D2}-{due.Key.To:D2}"), due.Key.From, due.Key.To, due.Value)),
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
