using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>Everything that was ever requested under one id.</summary>
internal sealed class CommandRecord(Guid id)
{
    // Almost every id names one kind of command.
    private List<AskedTransfer>? _transfers;
    private List<AskedCredit>? _credits;
    private List<AskedPayment>? _payments;
    private List<RefundPayment>? _refunds;

    public Guid Id { get; } = id;

    public List<AskedTransfer> Transfers => _transfers ??= [];

    public List<AskedCredit> Credits => _credits ??= [];

    public List<AskedPayment> Payments => _payments ??= [];

    public List<RefundPayment> Refunds => _refunds ??= [];

    public PaymentView? FirstPayment { get; set; }

    public RefundView? FirstRefund { get; set; }

    /// <summary>The number of attempts without an answer yet.</summary>
    public int Open { get; set; }

    /// <summary>Whether an attempt ended without a definite answer, so that it may still be done later.</summary>
    public bool MayStillHappen { get; set; }

    /// <summary>Whether the caller was told that nothing was decided, with nothing else in flight: it must not happen until it is asked for again.</summary>
    public bool SurelyNotDone { get; set; }

    public bool AcceptAsked { get; set; }

    public bool RejectAsked { get; set; }

    public bool CancelAsked { get; set; }

    /// <summary>The first answer that it was done; every later answer must equal it.</summary>
    public TransferView? FirstTransfer { get; set; }

    public CreditView? FirstCredit { get; set; }

    /// <summary>Whether a caller was answered that it was done just now, not before.</summary>
    public bool DoneOnce { get; set; }
}

/// <summary>A requested transfer, and the state at its first request.</summary>
internal sealed record AskedTransfer(CreateTransfer Command, Attempt First);

/// <summary>A requested credit, and the state at its first request.</summary>
internal sealed record AskedCredit(string Person, CreditPerson Command, Attempt First);

/// <summary>A requested payment, and the state at its first request.</summary>
internal sealed record AskedPayment(Pay Command, Attempt First);
