namespace Gongji.Api.Hosting;

/// <summary>How the log is written.</summary>
internal enum LogFormat
{
    /// <summary>A line each for people.</summary>
    Text,

    /// <summary>A JSON object each, on a line, for programs.</summary>
    Json,
}
