using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <content>
/// Money set aside for transfers and payments that have no outcome yet. Nearly every account has none or one, and then has no dictionary: that would cost
/// some 250 bytes for each person in memory.
/// </content>
public sealed partial class PersonState
{
    /// <summary>The only open hold; null when there is none, or when there is a dictionary.</summary>
    private OpenHold? _hold;

    /// <summary>All open holds by operation, from the moment when there are several until there is none; otherwise null.</summary>
    private Dictionary<Guid, OpenHold>? _holds;

    /// <summary>All open holds, in no particular order.</summary>
    public IReadOnlyCollection<OpenHold> OpenHolds => _holds is not null ? _holds.Values : _hold is not null ? [_hold] : [];

    /// <summary>The open hold of an operation; null when there is none.</summary>
    public OpenHold? FindHold(Guid operation) => _holds is not null ? _holds.GetValueOrDefault(operation) : _hold?.Id == operation ? _hold : null;

    private void AddHold(Entry entry, HoldTerms terms)
    {
        Put(new OpenHold(entry.Operation, entry.Amounts.Taken, terms.Payee, terms.AutoAccept, terms.ExpiresAt, entry.Version), entry.Version);
        DateOnly day = BusinessTime.DayOf(entry.At);
        TransferCount = checked(TransfersOn(day) + 1);
        TransferDay = day;
    }

    /// <param name="hold">The hold that an entry opens, or that a snapshot has.</param>
    /// <param name="version">The version of that entry or snapshot.</param>
    private void Put(OpenHold hold, long version)
    {
        if (FindHold(hold.Id) is not null)
        {
            throw new InvalidOperationException($"Operation {hold.Id}: opened at version {version}, but open already.");
        }

        if (_holds is null && _hold is null)
        {
            _hold = hold;
            return;
        }

        _holds ??= new Dictionary<Guid, OpenHold> { [_hold!.Id] = _hold };
        _holds.Add(hold.Id, hold);
        _hold = null;
    }

    private OpenHold RemoveHold(Entry entry)
    {
        OpenHold hold = FindHold(entry.Operation) ?? throw new InvalidOperationException($"{PlaceOf(entry)} ends what is not open.");
        _hold = null;
        _holds?.Remove(hold.Id);
        if (_holds is { Count: 0 })
        {
            _holds = null;
        }

        return hold;
    }
}

/// <summary>Money set aside on an account for one transfer or payment.</summary>
/// <param name="Id">The operation.</param>
/// <param name="Taken">What was taken from each pocket: positive, in fen.</param>
/// <param name="Payee">The recipient of a transfer; for a payment, its payer.</param>
/// <param name="AutoAccept">Whether it waits for nobody.</param>
/// <param name="ExpiresAt">When it goes back.</param>
/// <param name="Version">The version of the entry that set it aside.</param>
public sealed record OpenHold(Guid Id, Amounts Taken, string Payee, bool AutoAccept, DateTimeOffset ExpiresAt, long Version)
{
    /// <summary>The amount held, in fen.</summary>
    [JsonIgnore]
    public long AmountFen => Taken.TotalFen;
}
