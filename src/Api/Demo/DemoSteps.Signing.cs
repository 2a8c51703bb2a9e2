namespace Gongji.Api.Demo;

/// <content>Who may call.</content>
internal sealed partial class DemoSteps
{
    public async Task UnsignedAsync(string title, DemoTransfer transfer, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostUnsignedAsync("/v1/transfers", transfer.ToJson(), cancellationToken);
        await RefusedAsync(title, answer, 401, "unsigned", cancellationToken);
    }

    public async Task TamperedAsync(string title, DemoTransfer signed, DemoTransfer sent, CancellationToken cancellationToken)
    {
        DemoAnswer answer = await client.PostTamperedAsync("/v1/transfers", signed.ToJson(), sent.ToJson(), cancellationToken);
        await RefusedAsync(title, answer, 401, "bad-signature", cancellationToken);
    }
}
