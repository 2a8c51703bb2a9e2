using Gongji.Api.Http;
using Gongji.Api.Metrics;

namespace Gongji.Api.Signing;

/// <summary>Attaches rules to endpoints.</summary>
internal static class CallRules
{
    /// <summary>Declares who may make the call.</summary>
    public static RouteHandlerBuilder By(this RouteHandlerBuilder endpoint, CallRule rule)
    {
        endpoint.Finally(RouteLabel.AddTo);
        return (rule.IsOpen ? endpoint : endpoint.Problems(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden)).WithMetadata(rule);
    }
}
