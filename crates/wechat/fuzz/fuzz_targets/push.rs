#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wechat_fuzz::run("push", data));
