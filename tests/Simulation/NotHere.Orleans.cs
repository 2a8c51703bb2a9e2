Console.Error.WriteLine("The simulator runs on LocalRuntime's scheduler: build with -p:GrainRuntime=local.");
return 2;
