using Gongji.LocalRuntime.Tests.Support;
using Orleans;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Runs on real threads, because it tests a race between the answer, the timeout and the next call.</summary>
public class LateAnswerTests
{
    private const int Callers = 32;
    private const int CallsEach = 400;
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Call_that_timed_out_neither_takes_nor_spoils_the_answer_of_another()
    {
        using var silo = new LocalCluster(new LocalClusterOptions { ClientResponseTimeout = Timeout }).AddSilo("s");
        var client = silo.Cluster.Client;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(client, caller))));

        Assert.All(outcomes, outcome => Assert.Equal(CallsEach, outcome.Right + outcome.Late));
        Assert.Contains(outcomes, outcome => outcome.Right > 0);
        Assert.Contains(outcomes, outcome => outcome.Late > 0);
    }

    private static async Task<(int Right, int Late)> CallAsync(IClusterClient client, int caller)
    {
        var (right, late) = (0, 0);
        for (var call = 0; call < CallsEach; call++)
        {
            var value = (caller * CallsEach) + call;
            try
            {
                if (await client.GetGrain<IEchoGrain>(value % 4).Echo(value) == value) right++;
            }
            catch (TimeoutException)
            {
                late++;
            }
        }

        return (right, late);
    }
}
