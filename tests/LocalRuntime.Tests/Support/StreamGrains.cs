using Orleans;
using Orleans.Runtime;
using Orleans.Streams;

namespace Gongji.LocalRuntime.Tests.Support;

internal interface IListenerGrain : IGrainWithStringKey
{
    Task Listen(Probe probe, string stream);

    Task StopListening(string stream);

    Task Leave();
}

internal interface ISpeakerGrain : IGrainWithStringKey
{
    Task Say(string stream, int number);
}

internal sealed class ListenerGrain(LifeLog log) : Grain, IListenerGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var handle in await Stream("news").GetAllSubscriptionHandles())
        {
            await handle.ResumeAsync((number, _) => HearAsync(log.Probe, $"resumed {number}"));
        }
    }

    public Task Listen(Probe probe, string stream) => Stream(stream).SubscribeAsync(
        (number, token) => HearAsync(probe, $"{this.GetPrimaryKeyString()} {number}"),
        error =>
        {
            probe.Add($"error {error.Message}");
            return Task.CompletedTask;
        },
        () =>
        {
            probe.Add("completed");
            return Task.CompletedTask;
        });

    public async Task StopListening(string stream)
    {
        foreach (var handle in await Stream(stream).GetAllSubscriptionHandles())
        {
            await handle.UnsubscribeAsync();
        }
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task HearAsync(Probe probe, string line)
    {
        probe.Add(line);
        if (log.HoldTicks)
        {
            await probe.Door(line).Task;
        }

        if (log.FailTicks)
        {
            throw new TestFailureException("Not listening.");
        }
    }

    private IAsyncStream<int> Stream(string name) => this.GetStreamProvider("streams").GetStream<int>(StreamId.Create("ns", name));
}

internal sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    public Task Say(string stream, int number) => this.GetStreamProvider("streams").GetStream<int>("ns", stream).OnNextAsync(number);
}
