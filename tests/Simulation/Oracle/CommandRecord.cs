using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>Everything that was ever asked under one id.</summary>
internal sealed class CommandRecord(Guid id)
{
    public Guid Id { get; } = id;

    public List<AskedTransfer> Transfers { get; } = [];

    public List<AskedCredit> Credits { get; } = [];

    public List<Pay> Payments { get; } = [];

    public List<RefundPayment> Refunds { get; } = [];

    public PaymentView? FirstPayment { get; set; }

    public RefundView? FirstRefund { get; set; }

    /// <summary>Attempts that have no answer yet.</summary>
    public int Open { get; set; }

    /// <summary>An attempt ended without a definite answer: it may still be done later.</summary>
    public bool MayStillHappen { get; set; }

    /// <summary>The caller was told that nothing was decided, and nothing else is under way: until asked again it must not happen.</summary>
    public bool SurelyNotDone { get; set; }

    public bool AcceptAsked { get; set; }

    public bool RejectAsked { get; set; }

    public bool CancelAsked { get; set; }

    /// <summary>The first answer that it was done; every later one must equal it.</summary>
    public TransferView? FirstTransfer { get; set; }

    public CreditView? FirstCredit { get; set; }

    /// <summary>Someone was answered that it was done just then, not before.</summary>
    public bool DoneOnce { get; set; }
}

/// <summary>A transfer asked for, and the state of affairs when it first was.</summary>
internal sealed record AskedTransfer(CreateTransfer Command, Attempt First);

/// <summary>A credit asked for, and the state of affairs when it first was.</summary>
internal sealed record AskedCredit(string Person, CreditPerson Command, Attempt First);
