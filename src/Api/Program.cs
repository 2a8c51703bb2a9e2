using Gongji.Api.Commands;

return await CommandTree.RunAsync(args);
