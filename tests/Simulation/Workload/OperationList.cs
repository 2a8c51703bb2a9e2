namespace Gongji.Simulation.Workload;

/// <summary>All operations of the workload. A new operation of the product needs one line here and one method of <see cref="Client"/>.</summary>
internal static class OperationList
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("transfer", 60, client => client.TransferAsync()),
        new("credit", 20, client => client.CreditAsync()),
        new("accept", 25, client => client.AcceptAsync()),
        new("reject", 3, client => client.RejectAsync()),
        new("cancel", 3, client => client.CancelAsync()),
        new("end-by-anyone", 1, client => client.EndByAnyoneAsync()),
        new("repeat", 4, client => client.RepeatAsync()),
        new("misuse-id", 2, client => client.MisuseIdAsync()),
        new("ask-transfer", 3, client => client.AskTransferAsync()),
        new("ask-person", 4, client => client.AskPersonAsync()),
        new("ask-region", 1, client => client.AskRegionAsync()),
        new("register", 1, client => client.RegisterAsync()),
        new("move", 1, client => client.MoveAsync()),
        new("insurance", 1, client => client.ChangeInsuranceAsync()),
        new("wallet", 1.5, client => client.OpenWalletAsync()),
        new("rules", 0.15, client => client.PutRulesAsync()),
        new("relate", 4, client => client.RelateAsync()),
        new("consent", 4, client => client.ConsentAsync()),
        new("dissolve", 0.7, client => client.DissolveAsync()),
        new("order-relatives", 0.7, client => client.OrderRelativesAsync()),
        new("pay", 25, client => client.PayAsync()),
        new("contribute", 4, client => client.ContributeAsync()),
        new("refund", 6, client => client.RefundAsync()),
        new("repeat-payment", 3, client => client.RepeatPaymentAsync()),
        new("correct", 1.5, client => client.CorrectAsync()),
        new("close-wallet", 0.7, client => client.CloseWalletAsync()),
        new("close-day", 0.1, client => client.CloseDayAsync()),
        new("settle", 0.5, client => client.SettleAsync()),
        new("top-up", 0.4, client => client.TopUpAsync()),
        new("ask-payment", 2, client => client.AskPaymentAsync()),
        new("misuse-shown-id", 2, client => client.MisuseShownIdAsync()),
        new("upload", 4, client => client.UploadAsync()),
    ];
}
