using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>
/// Coordinates the payments and refunds of a stripe of ids (see <see cref="TransferStripes"/>). It remembers only what is in flight; the ledger is
/// the log of every payment.
/// </summary>
[Alias("gongji.payment")]
public interface IPaymentGrain : IGrainWithIntegerKey
{
    /// <summary>Pays, or repeats the first answer when the id is already known with the same content.</summary>
    Task<Reply<PaymentView>> PayAsync(Pay command);

    /// <summary>A payment that was made.</summary>
    Task<Reply<PaymentView>> GetAsync(Guid payment);

    /// <summary>Refunds, or repeats the first answer.</summary>
    Task<Reply<RefundView>> RefundAsync(RefundPayment command);

    /// <summary>Takes an interrupted attempt at a payment to its end: made if that was decided, otherwise abandoned. True when nothing is left to do.</summary>
    Task<bool> ResumePaymentAsync(Guid payment, Guid attempt);

    /// <summary>Takes an interrupted refund to its end. True when nothing is left to do.</summary>
    Task<bool> ResumeRefundAsync(Guid refund);
}
