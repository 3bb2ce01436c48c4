"""Records one rrweb event and delivers it: python3 hello.py path/to/libsession_replay.so"""
import ctypes
import json
import sys

sr = ctypes.CDLL(sys.argv[1])
sr.sr_record.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
sr.sr_set_session_id.argtypes = [ctypes.c_int64]
sr.sr_shutdown.argtypes = [ctypes.c_uint32]
sr.sr_last_error.restype = ctypes.c_char_p


def check(status):
    if status < 0:
        raise RuntimeError(sr.sr_last_error().decode())
    return status


options = {"deviceId": "device-1", "sampleRate": 1, "enableRemoteConfig": False,
           "trackServerUrl": "http://127.0.0.1:8787/sessions/v2/track"}
event = json.dumps({"type": 5, "timestamp": 1700000000000,
                    "data": {"tag": "hello", "payload": "from Python"}}).encode()

check(sr.sr_init(b"my-api-key", json.dumps(options).encode()))
check(sr.sr_set_session_id(1700000000000))  # the analytics session, whenever it changes
check(sr.sr_record(event, len(event)))      # any rrweb event, from any thread
check(sr.sr_shutdown(5000))
print("delivered")
