using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <content>
/// Money set aside for transfers and payments that have no outcome yet. Nearly every account has none or one: a dictionary is only for those that have more, since it would
/// be a quarter of what a person takes in memory.
/// </content>
public sealed partial class PersonState
{
    /// <summary>The only one; null when there is none, or several.</summary>
    private OpenHold? _hold;

    /// <summary>All of them, by operation, while there are several; null otherwise.</summary>
    private Dictionary<Guid, OpenHold>? _holds;

    /// <summary>All open holds, in no order.</summary>
    public IReadOnlyCollection<OpenHold> OpenHolds => _holds is not null ? _holds.Values : _hold is not null ? [_hold] : [];

    /// <summary>The open hold of an operation; null when there is none.</summary>
    public OpenHold? FindHold(Guid operation) => _holds is not null ? _holds.GetValueOrDefault(operation) : _hold?.Id == operation ? _hold : null;

    private void AddHold(Entry entry, HoldTerms terms)
    {
        Put(entry, new OpenHold(entry.Operation, entry.Amounts.Taken, terms.Payee, terms.AutoAccept, terms.ExpiresAt));
        DateOnly day = BusinessTime.DayOf(entry.At);
        TransferCount = checked(TransfersOn(day) + 1);
        TransferDay = day;
    }

    private void Put(Entry entry, OpenHold hold)
    {
        if (!TryPut(hold))
        {
            throw new InvalidOperationException($"Entry {entry.Account}/{entry.Version} opens what is open already.");
        }
    }

    private bool TryPut(OpenHold hold)
    {
        if (_holds is not null)
        {
            return _holds.TryAdd(hold.Id, hold);
        }

        if (_hold is null)
        {
            _hold = hold;
            return true;
        }

        if (_hold.Id == hold.Id)
        {
            return false;
        }

        _holds = new Dictionary<Guid, OpenHold> { [_hold.Id] = _hold, [hold.Id] = hold };
        _hold = null;
        return true;
    }

    private OpenHold RemoveHold(Entry entry)
    {
        OpenHold hold = FindHold(entry.Operation) ?? throw new InvalidOperationException($"Entry {entry.Account}/{entry.Version} ends what is not open.");
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
/// <param name="Payee">Of a transfer its recipient, of a payment whoever pays.</param>
/// <param name="AutoAccept">Whether it waits for nobody.</param>
/// <param name="ExpiresAt">When it goes back.</param>
public sealed record OpenHold(Guid Id, Amounts Taken, string Payee, bool AutoAccept, DateTimeOffset ExpiresAt)
{
    /// <summary>In fen.</summary>
    [JsonIgnore]
    public long AmountFen => Taken.TotalFen;
}
